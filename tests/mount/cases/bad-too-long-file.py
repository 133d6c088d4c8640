#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file too large to be a prompt is kept and refused with a sentence."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    with raises(errno.EINVAL, what="close"):
        m.write("hero.prompt", b"x" * (5 << 20))
    equal(m.state("hero"), "invalid")
    contains(m.status("hero")["error"], "bytes")
    equal(os.stat(m.source / "hero.prompt").st_size, 5 << 20)
    m.order("hero", "A lighthouse")
    equal(api.prompts(), ["A lighthouse"])
