#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The states come in the order of a task's life, and go through the provider's own words."""
from darkroom import *

life = ["queued", "submitting", "waiting", "queuing", "generating", "downloading", "success"]
with Sandbox({"waiting_ms": 500, "queuing_ms": 500, "generating_ms": 500}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    seen = [m.state("hero")]
    equal(seen[0], "queued", "right after close")

    def finished():
        state = m.state("hero")
        if state != seen[-1]:
            seen.append(state)
        return state == "success"

    wait_for(finished, lambda: f"success; so far {seen}")
    equal(seen, [s for s in life if s in seen], "order of states")
    for state in ("waiting", "queuing", "generating"):
        equal(state in seen, True, f"{state} seen in {seen}")
