#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many prompts at once against the provider's rate limit: all come, each is bought once."""
# timeout: 150
from darkroom import *

scenario = {"rate": {"count": 5, "period_ms": 1000}}
with Sandbox(scenario) as api, Mount(api) as m:
    for n in range(20):
        m.write(f"{n}.prompt", f"Picture {n}")
    for n in range(20):
        m.wait_state(str(n), "success", timeout=60)
    equal(sorted(api.prompts()), sorted(f"Picture {n}" for n in range(20)))
    equal(len(m.pictures()), 20)
