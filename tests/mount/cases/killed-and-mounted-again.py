#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon is killed: the dead mount is cleared at the next start, and the task goes on."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    m.kill9()
    wait_for(lambda: outcome(os.listdir, m.path) == "ENOTCONN", "a dead mount")
    m.start()
    gate.open()
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
    equal(len([p for p, *_ in mounts() if p == str(m.path)]), 1, "mounts")
