#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Editors' swap, backup and temporary files and rsync's partial ones order nothing."""
from darkroom import *

names = [".hero.prompt.swp", "hero.prompt~", "4913", ".goutputstream-ABCDEF",
         ".hero.prompt.AbCdEf", "#hero.prompt#", ".#hero.prompt", ".hero.prompt", "hero.prompt.tmp",
         "hero.prompt.bak", "prompt", ".prompt", "hero.PROMPT", "hero.prompt.part", "heroprompt"]
with Sandbox() as api, Mount(api) as m:
    for name in names:
        m.write(name, "A lighthouse")
    os.mkdir(m / "directory.prompt")
    os.symlink("4913", m / "link.prompt")
    equal(m.names(), sorted([*names, "directory.prompt", "link.prompt"]))
    m.order("other", "A ship")
    equal(api.prompts(), ["A ship"])
