#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A shell's >, >> and a here-document in a group are one order each time they are done."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    run("sh", "-c", "{ echo A; (echo lighthouse); } > hero.prompt", cwd=m.path)
    m.wait_state("hero", "success")
    run("sh", "-c", "echo at dawn >> hero.prompt", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal(api.prompts(), ["A\nlighthouse", "A\nlighthouse\nat dawn"])
