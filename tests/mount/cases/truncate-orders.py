#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""truncate(2) orders the text that is left; an empty prompt orders nothing."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse at dawn")
    os.truncate(m / "hero.prompt", len("A lighthouse"))
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    os.truncate(m / "hero.prompt", 0)
    m.order("other", "A ship")
    equal(api.prompts(), ["A lighthouse at dawn", "A lighthouse", "A ship"])
