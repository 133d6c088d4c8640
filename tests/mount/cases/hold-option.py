#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With the mount option hold, prompts are drafts until they are released."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    for name in ("hero", "ship"):
        m.write(f"{name}.prompt", f"A {name}")
        equal(m.state(name), "held")
    set_attribute(m / "hero.prompt", "hold", "0")
    m.wait_state("hero", "success")
    equal(m.state("ship"), "held")
    m.tell("ship", "release")
    m.wait_state("ship", "success")
    equal(api.prompts(), ["A hero", "A ship"])
