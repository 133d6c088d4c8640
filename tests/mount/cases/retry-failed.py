#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""retry of a failed take is a new take of the same request."""
from darkroom import *

with Sandbox({"tasks": [{"state": "fail"}]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    first = m.wait_state("hero", "fail")
    api.restart({})
    m.tell("hero", "retry")
    second = m.wait_state("hero", "success")
    equal((first["take"], second["take"]), ("1", "2"))
    equal(api.prompts(), ["A lighthouse"] * 2)
