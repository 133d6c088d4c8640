#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SOURCE on a read-only file system: not mounted, with a sentence; nothing is changed."""
from darkroom import *

with small_disk() as disk, Sandbox() as api:
    (disk / "hero.prompt").write_text("A lighthouse")
    run("mount", "-o", "remount,ro", disk)
    try:
        with Mount(api, source=disk):
            fail("it was mounted")
    except MountFailed as e:
        equal(e.status, 2, e.log)
        contains(e.log, "read-only")
    equal(os.listdir(disk), ["hero.prompt"])
    equal(api.creates(), [], "createTask requests")
