#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No credits (402): queued with a reason, nothing else is sent; `retry` goes on."""
from darkroom import *

with Sandbox({"balance": 0}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_line("hero", "reason", "credits")
    equal(status["state"], "queued")
    m.write("ship.prompt", "A ship")
    m.wait_line("ship", "reason", "credits")
    equal(len(api.creates()), 1, "createTask requests")
    api.restart({"balance": 100})
    m.tell("ship", "retry")
    m.wait_state("hero", "success")
    m.wait_state("ship", "success")
    equal(sorted(api.prompts()), ["A lighthouse", "A ship"])
