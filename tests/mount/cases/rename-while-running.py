#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt renamed while its task runs gets its picture under the new name."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    os.mkdir(m / "d")
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    os.rename(m / "hero.prompt", m / "d/cover.prompt")
    with raises(errno.ENOENT):
        os.stat(m / "hero.status")
    gate.open()
    m.wait_state("d/cover", "success")
    equal((m.pictures(), m.pictures("d")), ([], ["cover.png"]))
    equal(len(api.creates()), 1, "createTask requests")
