#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A read of NAME.wait returns when the take has ended, with the pictures' names."""
from darkroom import *

with Sandbox({"tasks": [{"pictures": 2}]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    equal(m.wait("hero"), ["hero-1.png", "hero-2.png"])
    equal(m.pictures(), ["hero-1.png", "hero-2.png"], "there when the read returns")
    equal(m.wait("hero"), ["hero-1.png", "hero-2.png"], "asked again")
