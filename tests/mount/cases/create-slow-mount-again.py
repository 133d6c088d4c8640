#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mounted again while the unmounted daemon still waits for createTask's answer: the second waits
for the first, and has its answer."""
from darkroom import *

faults = [{"on": "create", "delay_ms": 2500}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    first, log = m.process, m.log
    run("fusermount3", "-u", m.path)
    m.start()
    equal(first.wait(DEADLINE), 0)
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
