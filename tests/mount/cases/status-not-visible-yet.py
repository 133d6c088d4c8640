#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task that the provider does not know yet right after it was made is no failure."""
from darkroom import *

faults = [{"on": "status", "to": 3, "code": 422, "msg": "recordInfo is null"}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    codes = [r["code"] for r in api.journal("status")]
    equal(codes[:4], [422, 422, 422, 200])
    equal(len(api.creates()), 1, "createTask requests")
