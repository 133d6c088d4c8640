#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt deleted while unmounted orders nothing; a paid picture of it goes to lost+found/."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    m.unmount()
    (m.source / "hero.prompt").unlink()
    m.start()
    gate.open()
    lost, = wait_for(m.lost, "a picture in lost+found/")
    picture_size(m / ".darkroom/lost+found" / lost)
    equal(len(api.creates()), 1, "createTask requests")
