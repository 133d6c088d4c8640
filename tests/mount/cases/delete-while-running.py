#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt deleted while its task runs: the paid picture is delivered to lost+found/."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    os.unlink(m / "hero.prompt")
    gate.open()
    lost, = wait_for(m.lost, "a picture in lost+found/")
    contains(lost, "hero", ".png")
    picture_size(m / ".darkroom/lost+found" / lost)
    equal(m.names(), [])
    equal(len(api.creates()), 1, "createTask requests")
