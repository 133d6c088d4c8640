#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Attributes may be set on an empty prompt before its text is written: one order has both."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    (m / "hero.prompt").touch()
    set_attribute(m / "hero.prompt", "aspect_ratio", "9:16")
    equal(m.state("hero"), "invalid")
    m.order("hero", "A lighthouse")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()], [("A lighthouse", "9:16")])
