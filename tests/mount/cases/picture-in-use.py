#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A picture that a viewer has open is replaced all the same; the viewer keeps its own."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    with open(m / "hero.png", "rb") as viewer:
        head = viewer.read(100)
        m.order("hero", "A ship")
        rest = viewer.read()
    kept, = m.takes()
    equal((m / ".darkroom/takes" / kept).read_bytes() == head + rest, True, "what the viewer saw")
    equal((m / "hero.png").read_bytes() != head + rest, True, "a new picture")
