#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Directories: made, listed (many entries, while they change), removed."""
from darkroom import *

def life(d):
    seen = []
    os.makedirs(d / "a/b/c")
    seen += [outcome(os.rmdir, d / "a"), outcome(os.mkdir, d / "a"), outcome(os.unlink, d / "a")]
    for n in range(1500):
        (d / f"a/{n:05}").touch()
    seen.append(sorted(os.listdir(d / "a")))
    gone = 0
    with os.scandir(d / "a") as entries:
        for e in entries:
            if e.name.endswith("7"):
                os.unlink(e.path)
                gone += 1
    seen += [gone, len(os.listdir(d / "a")), os.stat(d / "a").st_nlink]
    fd = os.open(d / "a", os.O_RDONLY | os.O_DIRECTORY)
    os.fsync(fd)
    os.mkdir("inner", dir_fd=fd)
    seen.append(sorted(n for n in os.listdir(fd) if not n.isdigit()))
    os.close(fd)
    shutil.rmtree(d / "a")
    return seen + [os.listdir(d)]

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
