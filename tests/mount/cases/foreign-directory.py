#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A directory that has the picture's name is left alone; the picture takes the next name."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    os.makedirs(m / "hero.png/inner")
    m.order("hero", "A lighthouse")
    equal(m.names("hero.png"), ["inner"])
    picture_size(m / "hero-1.png")
