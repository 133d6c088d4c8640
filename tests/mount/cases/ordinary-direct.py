#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""O_DIRECT, O_SYNC, O_NOFOLLOW, O_DIRECTORY and O_PATH are taken."""
import mmap
from darkroom import *

def life(d):
    seen, buffer = [], mmap.mmap(-1, 8192)
    buffer.write(b"x" * 8192)
    fd = os.open(d / "file", os.O_RDWR | os.O_CREAT | os.O_DIRECT)
    seen.append(os.writev(fd, [buffer]))
    seen.append(os.preadv(fd, [buffer], 4096))
    os.close(fd)
    fd = os.open(d / "file", os.O_WRONLY | os.O_SYNC | os.O_APPEND)
    seen.append(os.write(fd, b"more"))
    os.close(fd)
    os.symlink("file", d / "link")
    seen.append(outcome(os.open, d / "link", os.O_RDONLY | os.O_NOFOLLOW))
    seen.append(outcome(os.open, d / "file", os.O_RDONLY | os.O_DIRECTORY))
    fd = os.open(d / "file", os.O_PATH)
    seen += [os.fstat(fd).st_size, outcome(os.read, fd, 1)]
    os.close(fd)
    return seen

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
