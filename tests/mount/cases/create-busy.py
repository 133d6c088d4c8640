#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A storm of 429 slows everyone down and ends in exactly one accepted request."""
# timeout: 150
from darkroom import *

faults = [{"on": "create", "code": 429,
           "msg": "Your call frequency is too high. Please try again later."}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = wait_for(lambda: "reason" in m.status("hero") and m.status("hero"), "a reason")
    equal(status["state"], "queued")
    wait_for(lambda: len(api.creates()) >= 4, "a storm", 60)
    api.restart({})
    m.wait_state("hero", "success", timeout=80)
    sent = [r["accepted"] for r in api.creates()]
    equal(sent, [False] * (len(sent) - 1) + [True])
