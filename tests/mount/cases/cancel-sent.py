#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task that was sent cannot be cancelled: its picture is kept in takes/ only."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    m.tell("hero", "cancel")
    gate.open()
    kept, = wait_for(m.takes, "the picture in takes/")
    picture_size(m / ".darkroom/takes" / kept)
    equal(m.pictures(), [])
    equal(len(api.creates()), 1, "createTask requests")
