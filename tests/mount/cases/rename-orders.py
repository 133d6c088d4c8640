#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A rename that gives a file a prompt's name orders it, as when an editor saves."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.txt", "A lighthouse")
    os.rename(m / "hero.txt", m / "hero.prompt")
    m.wait_state("hero", "success")
    m.write(".tmp", "A ship")
    os.rename(m / ".tmp", m / "hero.prompt")
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal(api.prompts(), ["A lighthouse", "A ship"])
    equal(m.pictures(), ["hero.png"])
