#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mounted again while the unmounted daemon still waits for createTask's answer: the second waits
for the first, and has its answer."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("create")]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    first = m.process
    run("fusermount3", "-u", m.path)
    m.launch()
    gate.open()
    m.wait_usable()
    equal(first.wait(DEADLINE * STRETCH), 0)
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
