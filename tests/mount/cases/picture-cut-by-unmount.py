#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unmounted in the middle of a download and mounted again: the picture arrives, nothing is
bought."""
from darkroom import *

gate = Gate()
faults = [gate.holds_answer("download", to=1)]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "downloading")
    m.remount()
    m.wait_state("hero", "success")
    picture_size(m / "hero.png")
    equal(len(api.creates()), 1, "createTask requests")
    equal(os.listdir(m.hidden("incoming")), [], "left in incoming")
