#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing is sent before the prompt was left alone for the settle time."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=2) as m:
    m.write("hero.prompt", "A lighthouse")
    closed = time.time()
    m.wait_state("hero", "success")
    sent = api.creates()[0]["time_ms"] / 1000
    equal(sent - closed >= 1.9, True, f"sent {sent - closed:.2f} s after the close")
