#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: an empty account stops all orders with a reason, and retry goes on when it was
filled."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    with Sandbox({"balance": 0}, dialect=name) as api, Mount(api, provider=name) as m:
        m.write("hero.prompt", "A lighthouse")
        equal(m.wait_line("hero", "reason", "credits")["state"], "queued")
        m.write("ship.prompt", "A ship")
        m.wait_line("ship", "reason", "credits")
        equal(len(api.creates()), 1, "createTask requests")
        api.restart({"balance": 100})
        m.tell("ship", "retry")
        m.wait_state("hero", "success")
        m.wait_state("ship", "success")
        equal(sorted(api.prompts()), ["A lighthouse", "A ship"])


each_service(story)
