#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""NAME.wait of a prompt that cannot be sent fails at once."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.prompt", "")
    with raises(errno.EIO):
        m.wait("hero")
