#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A real file of a virtual one's name wins, from before the prompt and from SOURCE."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("hero.status", "my own notes")
    m.write("hero.wait", "mine too")
    m.write("hero.prompt", "A lighthouse")
    wait_for(lambda: attribute(m / "hero.prompt", "task.state") == "success", "success")
    equal((m / "hero.status").read_text(), "my own notes")
    equal((m / "hero.wait").read_text(), "mine too")
    equal(m.names(), ["hero.png", "hero.prompt", "hero.status", "hero.wait"])
    os.unlink(m / "hero.status")
    os.unlink(m / "hero.wait")
    equal(m.state("hero"), "success")
    equal(m.wait("hero"), ["hero.png"])
