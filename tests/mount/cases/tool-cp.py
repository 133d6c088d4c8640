#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cp -a of a tree with prompts and attributes into the mount orders them with these, and out again
gives an equal tree."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    tree = directory("tree")
    (tree / "d").mkdir()
    (tree / "d/hero.prompt").write_text("A lighthouse")
    set_attribute(tree / "d/hero.prompt", "aspect_ratio", "16:9")
    os.symlink("d/hero.prompt", tree / "link")
    os.utime(tree / "d/hero.prompt", ns=(10**18 + 1, 10**18 + 2))
    os.chmod(tree / "d/hero.prompt", 0o600)
    run("cp", "-a", tree, m / "copy")
    m.let_settle()
    m.wait_state("copy/d/hero", "success")
    equal([(i["prompt"], i["aspect_ratio"]) for i in api.inputs()], [("A lighthouse", "16:9")])
    out = place("out")
    run("cp", "-a", m / "copy", out)
    equal(sorted(os.listdir(out / "d")), ["hero.png", "hero.prompt", "hero.status"])
    got = os.lstat(out / "d/hero.prompt")
    equal((got.st_mtime_ns, stat.filemode(got.st_mode)), (10**18 + 2, "-rw-------"))
    equal(os.readlink(out / "link"), "d/hero.prompt")
    equal(attribute(out / "d/hero.png", "model"), MODEL)
