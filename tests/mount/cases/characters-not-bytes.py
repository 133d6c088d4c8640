#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The limit is in characters: 3000 of three and of four bytes each are accepted, and arrive."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    for name, character in (("three", "\u70ef"), ("four", "\U0001f3de")):
        m.order(name, character * 3000)
        equal(api.prompts()[-1] == character * 3000, True, "the text that arrived")
    with raises(errno.EINVAL):
        m.write("more.prompt", "\u70ef" * 3001)
