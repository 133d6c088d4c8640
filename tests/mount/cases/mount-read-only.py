#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mounted with -o ro, everything can be read and nothing written."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.unmount()
    m.options += ",ro"
    m.start()
    equal(m.state("hero"), "success")
    picture_size(m / "hero.png")
    with raises(errno.EROFS):
        m.write("hero.prompt", "A ship")
    with raises(errno.EROFS):
        set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    equal(len(api.creates()), 1, "createTask requests")
