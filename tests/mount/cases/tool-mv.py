#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""mv of a prompt into the mount orders it, within it keeps it, and out of it takes it away."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    outside = place("hero.prompt")
    outside.write_text("A lighthouse")
    run("mv", outside, m.path)
    m.wait_state("hero", "success")
    os.mkdir(m / "d")
    run("mv", m / "hero.prompt", m / "d")
    equal(m.state("d/hero"), "success")
    run("mv", m / "d/hero.prompt", outside)
    equal(outside.read_text(), "A lighthouse")
    equal((m.names(), m.names("d")), (["d", "hero.png"], []))
    equal(api.prompts(), ["A lighthouse"])
