#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt that changed while unmounted is held; its picture stays; release makes a new take."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.order("same", "A ship")
    m.unmount()
    (m.source / "hero.prompt").write_text("A harbour")
    (m.source / "same.prompt").write_text("A ship")
    m.start()
    status = m.status("hero")
    equal(status["state"], "held")
    contains(status["reason"], "changed while unmounted")
    equal(m.state("same"), "success", "the same text again")
    equal(m.pictures(), ["hero.png", "same.png"])
    m.tell("hero", "release")
    m.wait_state("hero", "success")
    equal(m.status("hero")["take"], "2")
    equal(api.prompts(), ["A lighthouse", "A ship", "A harbour"])
