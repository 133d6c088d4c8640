#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A Makefile rule turns prompts into pictures, and finds nothing to do the second time."""
from darkroom import *

need_tool("make")
with Sandbox() as api, Mount(api) as m:
    m.write("Makefile", "all: hero.png ship.png\n%.png: %.prompt\n\tcat $*.wait > /dev/null\n")
    m.write("hero.prompt", "A lighthouse")
    m.write("ship.prompt", "A ship")
    run("make", "-j2", cwd=m.path)
    equal(m.pictures(), ["hero.png", "ship.png"])
    contains(run("make", cwd=m.path).stdout, "Nothing to be done")
    m.write("hero.prompt", "A lighthouse at dawn")
    run("make", cwd=m.path)
    contains(run("make", cwd=m.path).stdout, "Nothing to be done")
    equal(sorted(api.prompts()), ["A lighthouse", "A lighthouse at dawn", "A ship"])
