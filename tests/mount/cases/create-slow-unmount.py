#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unmounting while createTask is under way: its answer is waited for, or the take is unknown; it
is never sent twice."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("create")]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    run("fusermount3", "-u", m.path)
    gate.open()
    m.wait_end(0)
    m.start()
    status = m.wait_state("hero", "success", "unknown")
    equal(len(api.creates()), 1, "createTask requests")
    equal(status["state"], "success", "an answer that came within the daemon's patience")
