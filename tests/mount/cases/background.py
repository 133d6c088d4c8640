#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Without -f it returns 0 when the mount is usable and goes on in the background."""
from darkroom import *

with Sandbox() as api, Mount(api, start=False) as m:
    got = run(*m.command(), env=m.environment, cwd="/")
    equal((got.stdout, got.stderr), ("", ""))
    equal(mounted_at(m.path), "fuse.darkroomfs")
    m.order("hero", "A lighthouse")
    run("fusermount3", "-u", m.path)
    wait_for(lambda: mounted_at(m.path) is None, "unmounted")
    equal((m.source / "hero.png").exists(), True)
