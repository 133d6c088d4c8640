#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prompts that appeared while unmounted are held, buy nothing, and wait for release."""
from darkroom import *

with Sandbox() as api:
    source = directory("source")
    (source / "hero.prompt").write_text("A lighthouse")
    (source / "empty.prompt").touch()
    with Mount(api, source=source) as m:
        status = m.status("hero")
        equal(status["state"], "held")
        contains(status["reason"], "changed while unmounted")
        equal(attribute(m / "hero.prompt", "task.state"), "held")
        equal(m.state("empty"), "invalid")
        m.order("other", "A ship")
        equal(api.prompts(), ["A ship"])
        m.tell("hero", "release")
        m.wait_state("hero", "success")
        equal(api.prompts(), ["A ship", "A lighthouse"])
