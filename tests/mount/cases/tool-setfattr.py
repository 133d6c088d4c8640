#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""setfattr and getfattr set, show, refuse and remove parameters."""
from darkroom import *

need_tool("setfattr", "getfattr")
with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    at = {"cwd": m.path}
    run("setfattr", "-n", "user.darkroom.aspect_ratio", "-v", "16:9", "hero.prompt", **at)
    run("setfattr", "-n", "user.color", "-v", "blue", "hero.prompt", **at)
    shown = run("getfattr", "-d", "hero.prompt", **at).stdout
    contains(shown, 'user.darkroom.aspect_ratio="16:9"', 'user.color="blue"')
    lacks(shown, "task.")
    state = run("getfattr", "--only-values", "-n", "user.darkroom.task.state", "hero.prompt", **at)
    equal(state.stdout, "held")
    bad = run("setfattr", "-n", "user.darkroom.aspect_ratio", "-v", "99:1", "hero.prompt",
              check=False, **at)
    equal(bad.returncode, 1)
    contains(bad.stderr, "Invalid argument")
    run("setfattr", "-x", "user.darkroom.aspect_ratio", "hero.prompt", **at)
    equal(attribute(m / "hero.prompt", "aspect_ratio"), None)
    equal(api.creates(), [], "createTask requests")
