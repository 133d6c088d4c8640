#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt of a terabyte of nothing is refused at once, without being read."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "success")
    with deadline(DEADLINE, "truncate"), contextlib.suppress(OSError):
        os.truncate(m / "hero.prompt", 1 << 40)
    equal(os.stat(m / "hero.prompt").st_size, 1 << 40)
    equal(m.state("hero"), "invalid")
    os.truncate(m / "hero.prompt", len("A lighthouse"))
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
