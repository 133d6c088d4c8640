#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A directory removed with its prompt while the task runs: the picture goes to lost+found/."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    os.mkdir(m / "d")
    m.write("d/hero.prompt", "A lighthouse")
    m.wait_state("d/hero", "generating")
    run("rm", "-rf", m / "d")
    gate.open()
    lost, = wait_for(m.lost, "a picture in lost+found/")
    picture_size(m / ".darkroom/lost+found" / lost)
    equal(len(api.creates()), 1, "createTask requests")
