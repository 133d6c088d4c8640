#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""ls -la and find of the mount see all files, no error, and no hidden directory."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    os.mkdir(m / "d")
    m.order("d/hero", "A lighthouse")
    listed = run("ls", "-la", m / "d").stdout
    contains(listed, "hero.prompt", "hero.status", "hero.png")
    lacks(listed, "?", "hero.wait")
    found = run("find", ".", "-printf", "%p %y\n", cwd=m.path)
    equal(found.stderr, "")
    equal(sorted(found.stdout.splitlines()),
          [". d", "./d d", "./d/hero.png f", "./d/hero.prompt f", "./d/hero.status f"])
    lacks(run("ls", "-a", m.path).stdout, ".darkroom")
    run("rm", "-r", m / "d/hero.prompt", m / "d/hero.png")
    os.rmdir(m / "d")
