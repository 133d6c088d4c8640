#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A copy of a prompt is a prompt of its own."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    one = m.order("hero", "A lighthouse")
    shutil.copy(m / "hero.prompt", m / "copy.prompt")
    two = m.wait_state("copy", "success")
    equal(one["uuid"] != two["uuid"], True, "a take of its own")
    equal(m.pictures(), ["copy.png", "hero.png"])
