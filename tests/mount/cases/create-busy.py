#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A storm of 429 slows everyone down and ends in exactly one accepted request."""
# timeout: 150
from darkroom import *

faults = [{"on": "create", "from": 1, "to": 5, "code": 429,
           "msg": "Your call frequency is too high. Please try again later."}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = wait_for(lambda: "reason" in m.status("hero") and m.status("hero"), "a reason")
    equal(status["state"], "queued")
    m.wait_state("hero", "success", timeout=140)
    equal([r["accepted"] for r in api.creates()], [False] * 5 + [True])
