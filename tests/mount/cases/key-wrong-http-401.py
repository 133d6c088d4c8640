#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A key refused with HTTP 401: queued with a reason; `retry` tries it once more."""
from darkroom import *

faults = [{"on": "create", "from": 1, "to": 1, "http": 401, "code": 401,
           "msg": "You do not have access permissions"}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_line("hero", "reason", "key")
    equal(status["state"], "queued")
    m.tell("hero", "retry")
    m.wait_state("hero", "success")
    equal([r["accepted"] for r in api.creates()], [False, True])
