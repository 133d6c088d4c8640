#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt that someone only reads is sent all the same, and reading orders nothing."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    with open(m / "hero.prompt") as f:
        m.wait_state("hero", "success")
        equal(f.read(), "A lighthouse")
    m.order("other", "A ship")
    equal(len(api.creates()), 2, "createTask requests")
