#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file that never was the prompt's picture is left alone; the picture takes the next name."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.png", b"mine")
    m.order("hero", "A lighthouse")
    equal((m / "hero.png").read_bytes(), b"mine")
    equal(m.pictures(), ["hero-1.png", "hero.png"])
    picture_size(m / "hero-1.png")
    equal(m.wait("hero"), ["hero-1.png"])
