#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links are found wherever the provider puts them."""
from darkroom import *

shapes = ("string", "object", "response")
with Sandbox({"tasks": [{"text": s, "result": s} for s in shapes]}) as api, Mount(api) as m:
    for shape in shapes:
        m.order(shape, f"picture {shape}")
        picture_size(m / f"{shape}.png")
