#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""provider=sandbox needs no key, no network and no set-up: the daemon starts the simulator
itself."""
from darkroom import *

with Mount(provider="sandbox", key=None) as m:
    m.write("hero.prompt", "---\naspect_ratio: 16:9\nquality: basic\n---\nA lighthouse")
    status = m.wait_state("hero", "success", timeout=40)
    equal(status["provider"], "sandbox")
    kind, width, height = picture_size(m / "hero.png")
    equal((kind, width, height), ("png", 2848, 1600))
