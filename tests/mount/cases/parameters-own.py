#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt's own attributes are its parameters; what is not set has the model's default."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse")
    set_attribute(m / "hero.prompt", "aspect_ratio", "21:9")
    m.let_settle()
    m.wait_state("hero", "success")
    sent, = api.inputs()
    equal(sent["aspect_ratio"], "21:9")
    equal(sent["quality"], "basic")
    equal(attribute(m.source / "hero.prompt", "aspect_ratio"), "21:9", "kept in SOURCE")
