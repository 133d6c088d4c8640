#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An earlier picture that was retouched is kept as it was retouched."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    with open(m / "hero.png", "ab") as f:
        f.write(b"retouched")
    m.order("hero", "A ship")
    kept, = m.takes()
    equal((m / ".darkroom/takes" / kept).read_bytes().endswith(b"retouched"), True)
