#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What counts: the header, then own attributes, then the directory's, then the default."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    os.mkdir(m / "d")
    set_attribute(m / "d", "aspect_ratio", "4:3")
    set_attribute(m / "d", "quality", "high")
    m.write("d/hero.prompt", "---\naspect_ratio: 16:9\n---\nA lighthouse\n")
    set_attribute(m / "d/hero.prompt", "aspect_ratio", "9:16")
    m.write("d/ship.prompt", "A ship\n")
    set_attribute(m / "d/ship.prompt", "aspect_ratio", "9:16")
    m.let_settle()
    m.wait_state("d/hero", "success")
    m.wait_state("d/ship", "success")
    got = {i["prompt"]: (i["aspect_ratio"], i["quality"]) for i in api.inputs()}
    equal(got, {"A lighthouse": ("16:9", "high"), "A ship": ("9:16", "high")})
