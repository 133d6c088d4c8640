#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""regenerate makes a new take of the same request; the earlier picture is kept."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.tell("hero", "regenerate")
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal(api.prompts(), ["A lighthouse"] * 2)
    equal([t.split("/", 1)[1] for t in m.takes()], ["1/hero.png"])
    picture_size(m / "hero.png")
