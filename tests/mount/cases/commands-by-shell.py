#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Commands are given as people give them: `echo retry > hero.status`, and by tee."""
from darkroom import *

with Sandbox({"tasks": [{"state": "fail"}]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "fail")
    run("sh", "-c", "echo retry > hero.status", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "fail", "take 2")
    run("sh", "-c", "echo retry | tee hero.status", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "3" and m.state("hero") == "fail", "take 3")
    equal(len(api.creates()), 3, "createTask requests")
