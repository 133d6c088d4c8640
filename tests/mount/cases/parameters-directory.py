#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A directory's attributes count for the prompts below it, the nearest one's first."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    os.makedirs(m / "site/blog")
    set_attribute(m.path, "quality", "high")
    set_attribute(m.path, "aspect_ratio", "1:1")
    set_attribute(m / "site", "aspect_ratio", "4:3")
    set_attribute(m / "site/blog", "aspect_ratio", "9:16")
    for name in ("top", "site/middle", "site/blog/bottom"):
        m.order(name, f"Picture {name}")
    equal([(i["aspect_ratio"], i["quality"]) for i in api.inputs()],
          [("1:1", "high"), ("4:3", "high"), ("9:16", "high")])
