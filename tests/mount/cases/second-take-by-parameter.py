#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A changed parameter of a finished prompt makes a new take."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    os.removexattr(m / "hero.prompt", "user.darkroom.aspect_ratio")
    wait_for(lambda: m.status("hero")["take"] == "3" and m.state("hero") == "success", "take 3")
    equal([i["aspect_ratio"] for i in api.inputs()], ["1:1", "16:9", "1:1"])
    equal(len(m.takes()), 2, "earlier pictures")
