#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Text first, attributes within the settle time, saved twice: it is one order."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthous")
    m.write("hero.prompt", "A lighthouse")
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    equal(m.state("hero"), "queued")
    m.let_settle()
    m.wait_state("hero", "success")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()], [("A lighthouse", "16:9")])
    equal(len(api.creates()), 1, "createTask requests")
    equal(m.status("hero")["take"], "1")
