#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask takes a while: `submitting` meanwhile, then it goes on; files stay quick."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("create")]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    with deadline(DEADLINE, "file operations"):
        m.write("ship.prompt", "---\nhold: 1\n---\nA ship")
        os.rename(m / "ship.prompt", m / "boat.prompt")
        os.unlink(m / "boat.prompt")
    equal(m.state("hero"), "submitting")
    gate.open()
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A lighthouse"])
