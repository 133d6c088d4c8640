#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file without attributes renamed over a prompt that has them: the prompt keeps them."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse")
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    m.write("hero.new", "A ship")
    os.rename(m / "hero.new", m / "hero.prompt")
    equal(attribute(m / "hero.prompt", "aspect_ratio"), "16:9")
    m.let_settle()
    m.wait_state("hero", "success")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()], [("A ship", "16:9")])
