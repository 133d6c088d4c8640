#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""tar x in the mount orders each prompt with its attributes; tar c of the mount reads it all."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    tree, archive = directory("tree"), place("tree.tar")
    (tree / "hero.prompt").write_text("A lighthouse")
    set_attribute(tree / "hero.prompt", "aspect_ratio", "16:9")
    run("tar", "c", "--xattrs", "-f", archive, "-C", tree, ".")
    run("tar", "x", "--xattrs", "--xattrs-include=user.*", "-f", archive, "-C", m.path)
    m.let_settle()
    m.wait_state("hero", "success")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()], [("A lighthouse", "16:9")])
    back = run("tar", "c", "-f", place("back.tar"), "-v", "-C", m.path, ".")
    equal(sorted(back.stdout.split()), ["./", "./hero.png", "./hero.prompt", "./hero.status"])
    equal(len(api.creates()), 1, "createTask requests")
