#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""vim saves a prompt, in place and by rename: one take each, attributes kept."""
from darkroom import *

need_tool("vim")
vim = ["vim", "-es", "-N", "-u", "NONE", "-i", "NONE"]
with Sandbox() as api, Mount(api) as m:
    (m / "hero.prompt").touch()
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    m.write("hero.prompt", "A lighthouse\n")
    m.wait_state("hero", "success")
    run(*vim, "-c", "set backupcopy=yes swapfile", "-c", "%s/lighthouse/ship/", "-c", "wq",
        "hero.prompt", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    run(*vim, "-c", "set backupcopy=no swapfile", "-c", "%s/ship/harbour/", "-c", "wq",
        "hero.prompt", cwd=m.path)
    wait_for(lambda: m.status("hero")["take"] == "3" and m.state("hero") == "success", "take 3")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()],
          [(f"A {t}", "16:9") for t in ("lighthouse", "ship", "harbour")])
    equal([n for n in m.names() if "hero" in n], ["hero.png", "hero.prompt", "hero.status"])
