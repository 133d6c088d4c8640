#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A refusal for good (422): the take fails with the provider's words, costs nothing, says so."""
from darkroom import *

faults = [{"on": "create", "text": "lighthouse", "code": 422,
           "msg": "This field is required: moon"}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_state("hero", "fail")
    contains(status["error"], "This field is required: moon")
    equal("hint" in status, True, f"{status}")
    equal(status["charged"], "no")
    m.order("hero", "A ship")
    equal([r["accepted"] for r in api.creates()], [False, True])
