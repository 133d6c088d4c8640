#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task that was sent cannot be cancelled: its picture is kept in takes/ only."""
from darkroom import *

with Sandbox({"generating_ms": 1000}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "waiting", "queuing", "generating")
    m.tell("hero", "cancel")
    kept, = wait_for(m.takes, "the picture in takes/")
    picture_size(m / ".darkroom/takes" / kept)
    equal(m.pictures(), [])
    equal(len(api.creates()), 1, "createTask requests")
