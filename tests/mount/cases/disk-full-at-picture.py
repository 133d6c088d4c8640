#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The disk is full when the picture arrives: it waits with a reason, and comes when there is
space, with one request."""
# timeout: 120
from darkroom import *

gate = Gate()
scenario = {**gate.holds("generating"), "scale": 0.2}
with small_disk(options="size=8m") as disk, Sandbox(scenario) as api, Mount(api, source=disk) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    filler = fill(disk)
    gate.open()
    wait_for(lambda: api.journal("status")[-1:] and m.status("hero").get("reason"),
             lambda: f"a reason: {m.status_text('hero')}")
    contains(m.status("hero")["reason"], "space")
    equal(m.pictures(), [])
    (m / filler.name).unlink()
    m.wait_state("hero", "success", timeout=100)
    picture_size(m / "hero.png")
    equal(len(api.creates()), 1, "createTask requests")
