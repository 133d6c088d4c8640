#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sed -i, which writes a temporary file and renames it, makes one take and keeps attributes."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    (m / "hero.prompt").touch()
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    m.write("hero.prompt", "A lighthouse\n")
    m.wait_state("hero", "success")
    run("sed", "-i", "s/lighthouse/ship/", "hero.prompt", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()],
          [("A lighthouse", "16:9"), ("A ship", "16:9")])
    equal(m.names(), ["hero.png", "hero.prompt", "hero.status"])
