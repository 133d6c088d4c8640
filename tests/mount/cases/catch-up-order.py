#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With catch_up=order, prompts that appeared or changed while unmounted are ordered."""
from darkroom import *

with Sandbox() as api, Mount(api, "catch_up=order") as m:
    m.order("hero", "A lighthouse")
    m.unmount()
    (m.source / "hero.prompt").write_text("A harbour")
    (m.source / "d").mkdir()
    (m.source / "d/new.prompt").write_text("A ship")
    m.start()
    m.wait_state("d/new", "success")
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal(sorted(api.prompts()), ["A harbour", "A lighthouse", "A ship"])
