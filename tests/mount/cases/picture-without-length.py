#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download without Content-Length is complete all the same."""
from darkroom import *

with Sandbox({"faults": [{"on": "download", "no_length": True}]}) as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    picture_size(m / "hero.png")
