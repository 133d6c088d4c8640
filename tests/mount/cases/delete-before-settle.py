#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt deleted before it was sent: nothing is sent."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse")
    os.unlink(m / "hero.prompt")
    m.let_settle()
    m.order("other", "A ship")
    equal(api.prompts(), ["A ship"])
