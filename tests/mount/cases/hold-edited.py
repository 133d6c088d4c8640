#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A draft may be edited; what is released is the text as it then stands, once."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A light")
    m.write("hero.prompt", "A lighthouse")
    equal(m.state("hero"), "held")
    m.tell("hero", "release")
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A lighthouse"])
