#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A read of NAME.wait fails with EIO when the take fails."""
from darkroom import *

with Sandbox({"tasks": [{"state": "fail"}]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    with raises(errno.EIO, what="reading hero.wait"):
        m.wait("hero")
    equal(m.state("hero"), "fail")
