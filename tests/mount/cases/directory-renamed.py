#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A directory renamed while a task runs: the picture arrives beside its prompt."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    os.makedirs(m / "site/blog")
    m.write("site/blog/hero.prompt", "A lighthouse")
    m.wait_state("site/blog/hero", "generating")
    os.rename(m / "site", m / "web")
    gate.open()
    m.wait_state("web/blog/hero", "success")
    equal(m.pictures("web/blog"), ["hero.png"])
    equal(len(api.creates()), 1, "createTask requests")
