#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cp -a and tar give a directory its attributes after its files: they count all the same, as the
prompts in it have not settled yet."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    tree = directory("tree")
    (tree / "d").mkdir()
    (tree / "d/hero.prompt").write_text("A lighthouse")
    set_attribute(tree / "d", "quality", "high")
    run("cp", "-a", tree, m / "copy")
    m.let_settle()
    m.wait_state("copy/d/hero", "success")
    equal([(i["prompt"], i["quality"]) for i in api.inputs()], [("A lighthouse", "high")])
