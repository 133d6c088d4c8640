#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask takes a while: `submitting` meanwhile, then it goes on; files stay quick."""
from darkroom import *

faults = [{"on": "create", "delay_ms": 3000}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    began = time.monotonic()
    m.write("ship.prompt", "A ship")
    os.rename(m / "ship.prompt", m / "boat.prompt")
    os.unlink(m / "boat.prompt")
    equal(time.monotonic() - began < 1 * STRETCH, True, "file operations waited for the network")
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A lighthouse"])
