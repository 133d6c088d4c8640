#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same text saved again, however often, buys nothing."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse\n")
    for _ in range(3):
        m.write("hero.prompt", "A lighthouse\n")
    equal(m.state("hero"), "success")
    os.utime(m / "hero.prompt")
    set_attribute(m / "hero.prompt", "aspect_ratio", "1:1")     # what it was by default
    m.order("other", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
    equal(m.status("hero")["take"], "1")
