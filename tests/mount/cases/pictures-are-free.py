#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Renaming, linking, editing and deleting pictures never causes a request."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    os.rename(m / "hero.png", m / "cover.png")
    os.link(m / "cover.png", m / "copy.png")
    m.write("cover.png", b"edited")
    os.unlink(m / "copy.png")
    os.unlink(m / "cover.png")
    m.write("hero.prompt", "A lighthouse")
    m.order("other", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
