#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With status=hidden, status files are not listed and still open by name."""
from darkroom import *

with Sandbox() as api, Mount(api, "status=hidden") as m:
    m.order("hero", "A lighthouse")
    equal(m.names(), ["hero.png", "hero.prompt"])
    equal(m.state("hero"), "success")
