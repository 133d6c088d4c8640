#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unmounted while a task runs and mounted again: it is taken up where it was, with one request."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    before = m.wait_state("hero", "generating")
    m.remount()
    m.wait_state("hero", "generating")
    gate.open()
    after = m.wait_state("hero", "success")
    equal((after["uuid"], after["task"]), (before["uuid"], before["task"]))
    equal(m.pictures(), ["hero.png"])
    equal(len(api.creates()), 1, "createTask requests")
