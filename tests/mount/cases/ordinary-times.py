#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Writing changes mtime and ctime; a read through the mount sees what SOURCE has."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.write("file", "one")
    os.utime(m / "file", ns=(0, 0))
    m.write("file", "two")
    got = os.stat(m / "file")
    equal(time.time() - got.st_mtime < 60 and time.time() - got.st_ctime < 60, True, "fresh times")
    below = os.stat(m.source / "file")
    for name in ("st_size", "st_mode", "st_uid", "st_gid", "st_mtime_ns", "st_nlink", "st_blocks",
                 "st_ino"):
        equal(getattr(got, name), getattr(below, name), name)
