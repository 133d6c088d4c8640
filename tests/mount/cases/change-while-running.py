#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A text changed while its task runs is a second take; the first one's picture goes to takes/."""
from darkroom import *

gate = Gate()
tasks = [{"text": "lighthouse", **gate.holds("generating")}]
with Sandbox({"tasks": tasks}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    m.order("hero", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
    equal(m.status("hero")["take"], "2")
    gate.open()
    kept, = wait_for(m.takes, "the paid picture in takes/")
    contains(kept, "/1/hero.png")
    picture_size(m / ".darkroom/takes" / kept)
    equal(attribute(m / "hero.png", "user.xdg.comment", whole=True), "A ship")
