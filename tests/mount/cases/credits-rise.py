#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No credits: when the balance rises the orders go out by themselves."""
# timeout: 150
from darkroom import *

with Sandbox({"balance": 0}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_line("hero", "reason", "credits")
    api.restart({"balance": 100})
    m.wait_state("hero", "success", timeout=140)
    equal([r["accepted"] for r in api.creates()], [False, True])
