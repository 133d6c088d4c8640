#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A hard link that gives a file a prompt's name orders it; removing the other name changes
nothing."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("notes.txt", "A lighthouse")
    os.link(m / "notes.txt", m / "hero.prompt")
    m.wait_state("hero", "success")
    os.unlink(m / "notes.txt")
    equal(m.state("hero"), "success")
    m.order("other", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
