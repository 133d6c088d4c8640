#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt that is removed and written anew at once, as some editors do, stays what it was."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    first = m.order("hero", "A lighthouse")
    os.unlink(m / "hero.prompt")
    m.write("hero.prompt", "A lighthouse")
    equal((m.state("hero"), m.status("hero")["uuid"]), ("success", first["uuid"]))
    os.unlink(m / "hero.prompt")
    m.order("hero", "A ship")
    equal(m.status("hero")["take"], "2")
    equal(m.pictures(), ["hero.png"])
    equal(len(m.takes()), 1, "earlier pictures")
    equal(api.prompts(), ["A lighthouse", "A ship"])
