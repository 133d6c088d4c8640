#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another text renamed over a prompt while its task runs: a second take; both pictures are
kept."""
from darkroom import *

gate = Gate()
tasks = [{"text": "lighthouse", **gate.holds("generating")}]
with Sandbox({"tasks": tasks}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    m.write("hero.new", "A ship")
    os.rename(m / "hero.new", m / "hero.prompt")
    m.wait_state("hero", "success")
    equal(m.status("hero")["take"], "2")
    gate.open()
    kept, = wait_for(m.takes, "the first picture in takes/")
    equal(attribute(m / ".darkroom/takes" / kept, "user.xdg.comment", whole=True), "A lighthouse")
    equal(attribute(m / "hero.png", "user.xdg.comment", whole=True), "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
