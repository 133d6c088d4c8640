#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A hundred prompts at once: each is bought once and gets its own picture."""
# timeout: 120
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    for n in range(100):
        m.write(f"{n:03}.prompt", f"Picture {n:03}")
    for n in range(100):
        m.wait_state(f"{n:03}", "success", timeout=100)
    equal(sorted(api.prompts()), [f"Picture {n:03}" for n in range(100)])
    for n in range(100):
        equal(attribute(m / f"{n:03}.png", "user.xdg.comment", whole=True), f"Picture {n:03}")
