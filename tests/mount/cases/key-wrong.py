#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A wrong key (refused with HTTP 200 and code 401): queued with a reason, asked once, not sent
again until there is another key."""
from darkroom import *

with Sandbox() as api, Mount(api, key="sk-wrong") as m:
    path = next(private_directory().glob("key*"))
    m.write("hero.prompt", "A lighthouse")
    m.write("ship.prompt", "A ship")
    status = m.wait_line("hero", "reason", "key")
    equal(status["state"], "queued")
    m.wait_line("ship", "reason", "key")
    lacks(m.status_text("hero") + m.log(), "sk-wrong")
    equal(len(api.creates()) <= 2, True, f"asked {len(api.creates())} times")
    path.write_text(KEY)
    m.wait_state("hero", "success")
    m.wait_state("ship", "success")
    equal(sorted(api.prompts()), ["A lighthouse", "A ship"])
