#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second take that fails leaves the first one's picture where it is."""
from darkroom import *

with Sandbox({"tasks": [{"text": "ship", "state": "fail"}]}) as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.write("hero.prompt", "A ship")
    m.wait_state("hero", "fail")
    equal(attribute(m / "hero.png", "user.xdg.comment", whole=True), "A lighthouse")
    equal(m.takes(), [])
