#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nothing is sent before the prompt was left alone for the settle time."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=2) as m:
    began = time.time()
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "success")
    sent = api.creates()[0]["time_ms"] / 1000
    equal(sent - began >= 1.9, True, f"sent {sent - began:.2f} s after it was written")
