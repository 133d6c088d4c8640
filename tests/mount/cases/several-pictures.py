#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Several pictures of one take are hero-1.png, hero-2.png, ...; a new take replaces them all."""
from darkroom import *

with Sandbox({"tasks": [{"pictures": 3}]}) as api, Mount(api) as m:
    m.order("hero", "Lighthouses")
    three = ["hero-1.png", "hero-2.png", "hero-3.png"]
    equal(m.pictures(), three)
    for name in three:
        picture_size(m / name)
    m.order("hero", "Ships")
    equal(m.pictures(), three)
    equal([t.split("/", 1)[1] for t in m.takes()], [f"1/{n}" for n in three])
    equal(len(api.creates()), 2, "createTask requests")
