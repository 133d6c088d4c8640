#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A finished prompt keeps its identity and state when it is renamed; nothing is bought."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    before = m.order("hero", "A lighthouse")
    os.rename(m / "hero.prompt", m / "cover.prompt")
    after = m.status("cover")
    equal((after["state"], after["uuid"], after["take"]), ("success", before["uuid"], "1"))
    m.order("cover", "A ship")
    equal(m.status("cover")["take"], "2")
    equal([t.split("/", 1)[1] for t in m.takes()], ["1/hero.png"])
    equal(api.prompts(), ["A lighthouse", "A ship"])
