#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Nobody listens: queued with a reason; once the service is up it goes out, exactly once."""
# timeout: 120
from darkroom import *

with Sandbox() as api:
    api.stop()
    with Mount(api) as m:
        m.write("hero.prompt", "A lighthouse")
        status = wait_for(lambda: "reason" in m.status("hero") and m.status("hero"), "a reason")
        equal(status["state"], "queued")
        contains(status["reason"], "cannot be reached")
        api.restart()
        m.wait_state("hero", "success", timeout=90)
        equal(len(api.creates()), 1, "createTask requests")
