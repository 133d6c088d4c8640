#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A change of a directory's defaults orders nothing by itself and counts for later orders."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    set_attribute(m.path, "aspect_ratio", "9:16")
    m.order("later", "A ship")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()],
          [("A lighthouse", "1:1"), ("A ship", "9:16")])
    equal(m.status("hero")["take"], "1")
