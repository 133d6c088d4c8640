#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""It works as `mount -t fuse.darkroomfs` (mount(8) hands over to mount.fuse3), and goes by
umount."""
from darkroom import *

need_root()
need_tool("mount", "umount", "mount.fuse3")
with Sandbox() as api, Mount(api, "nofail", start=False) as m:
    bin = directory("bin")
    os.symlink(m.executable, bin / "darkroomfs")
    # mount(8) looks for programs in the system's own directories only.
    environment = {**m.environment, "PATH": f"{bin}:{os.environ['PATH']}"}
    for text, command in (
            ("A lighthouse", ["mount.fuse3", m.source, m.path, "-t", "fuse.darkroomfs"]),
            ("A ship", ["mount", "-t", "fuse", f"{m.executable}#{m.source}", m.path])):
        run(*command, "-o", m.options, env=environment)
        equal(mounted_at(m.path), "fuse.darkroomfs")
        m.order("hero", text)
        run("umount", m.path)
        equal(mounted_at(m.path), None)
    equal(api.prompts(), ["A lighthouse", "A ship"])
