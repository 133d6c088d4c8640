#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A status file has its true size and time, the prompt's owner, and a steady inode number."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    path = m / "hero.status"
    got, prompt = os.stat(path), os.stat(m / "hero.prompt")
    equal(got.st_size, len(path.read_bytes()), "size")
    equal(stat.filemode(got.st_mode), "-rw-r--r--", "mode")
    equal((got.st_uid, got.st_gid), (prompt.st_uid, prompt.st_gid), "owner")
    equal(abs(time.time() - got.st_mtime) < 60, True, "mtime")
    equal(os.stat(path).st_ino, got.st_ino, "inode number")
    listed = {e.name: e.inode() for e in os.scandir(m.path)}
    equal(listed["hero.status"], got.st_ino, "inode number in the listing")
    equal("hero.status" in os.listdir(m.source), False, "a status file in SOURCE")
