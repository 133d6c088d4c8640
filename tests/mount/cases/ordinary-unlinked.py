#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A file that was removed or replaced goes on for those who have it open."""
from darkroom import *

def life(d):
    fd = os.open(d / "file", os.O_RDWR | os.O_CREAT)
    os.write(fd, b"one")
    os.unlink(d / "file")
    os.write(fd, b"two")
    seen = [os.pread(fd, 9, 0), os.fstat(fd).st_nlink, os.fstat(fd).st_size]
    os.ftruncate(fd, 2)
    os.fchmod(fd, 0o600)
    os.utime(fd, ns=(7, 8))
    os.setxattr(fd, "user.x", b"1")
    seen += [os.fstat(fd).st_size, os.fstat(fd).st_mtime_ns, os.getxattr(fd, "user.x"),
             os.listdir(d)]
    os.close(fd)
    (d / "old").write_text("old")
    (d / "new").write_text("new")
    with open(d / "old") as f:
        os.rename(d / "new", d / "old")
        seen += [f.read(), (d / "old").read_text()]
    os.mkdir(d / "dir")
    fd = os.open(d / "dir", os.O_RDONLY)
    os.rmdir(d / "dir")
    seen += [os.listdir(fd), os.fstat(fd).st_nlink]
    os.close(fd)
    return seen

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
