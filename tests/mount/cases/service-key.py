#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: a key that is refused stops all orders, shows in no file, and is tried again when
it changes or when someone writes retry."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    with Sandbox(dialect=name) as api, Mount(api, provider=name, key="sk-wrong") as m:
        m.write("hero.prompt", "A lighthouse")
        m.write("ship.prompt", "A ship")
        for prompt in ("hero", "ship"):
            equal(m.wait_line(prompt, "reason", "key")["state"], "queued")
        lacks(m.status_text("hero") + m.log(), "sk-wrong")
        asked = len(api.creates())
        equal(1 <= asked <= 2, True, f"asked {asked} times")
        m.tell("hero", "retry")
        wait_for(lambda: len(api.creates()) > asked, "another try")
        m.wait_line("hero", "reason", "key")
        m.key_path.write_text(KEY)
        m.wait_state("hero", "success")
        m.wait_state("ship", "success")
        equal(sorted(api.prompts()), ["A lighthouse", "A ship"])
        equal({r["authorized"] for r in api.accepted()}, {True})


each_service(story)
