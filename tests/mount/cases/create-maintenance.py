#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Maintenance (455): queued with a reason; `retry` tries at once."""
from darkroom import *

faults = [{"on": "create", "from": 1, "to": 1, "code": 455, "msg": "Service under maintenance"}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_line("hero", "reason", "maintenance")
    equal(status["state"], "queued")
    m.tell("hero", "retry")
    m.wait_state("hero", "success")
    equal([r["accepted"] for r in api.creates()], [False, True])
