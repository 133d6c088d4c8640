#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The service goes away while a task runs and comes back: the picture arrives, one request."""
# timeout: 120
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    api.stop()
    m.write("ship.prompt", "A ship")
    wait_for(lambda: m.status("ship").get("reason"), "a reason")
    equal(m.state("hero"), "generating")
    gate.open()
    api.restart()
    m.wait_state("hero", "success", timeout=90)
    m.wait_state("ship", "success", timeout=90)
    equal(api.prompts(), ["A lighthouse", "A ship"])
