#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""statvfs(2), sparse files, fallocate(2), SEEK_HOLE and copy_file_range(2)."""
from darkroom import *

KEEP_SIZE, PUNCH_HOLE, ZERO_RANGE = 1, 2, 16

def life(d):
    seen, MB = [], 1 << 20
    fd = os.open(d / "sparse", os.O_RDWR | os.O_CREAT)
    os.pwrite(fd, b"start", 0)
    os.pwrite(fd, b"end", 8 * MB)
    os.fsync(fd)
    seen += [os.fstat(fd).st_size, os.fstat(fd).st_blocks * 512 < MB]
    seen += [os.lseek(fd, 0, os.SEEK_DATA), os.lseek(fd, 0, os.SEEK_HOLE) < MB]
    seen += [os.lseek(fd, MB, os.SEEK_DATA), outcome(os.lseek, fd, 9 * MB, os.SEEK_DATA)]
    os.posix_fallocate(fd, 0, 9 * MB)
    seen += [os.fstat(fd).st_size, os.fstat(fd).st_blocks * 512 >= 9 * MB]
    fallocate(fd, KEEP_SIZE, 9 * MB, MB)
    seen.append(os.fstat(fd).st_size)
    os.pwrite(fd, b"x" * MB, MB)
    fallocate(fd, PUNCH_HOLE | KEEP_SIZE, MB, MB // 2)
    seen += [os.pread(fd, 4, MB), os.pread(fd, 4, MB + MB // 2), os.fstat(fd).st_size]
    seen.append(outcome(fallocate, fd, 0, 0, 0))
    to = os.open(d / "copy", os.O_RDWR | os.O_CREAT)
    done = 0
    while done < 9 * MB:
        n = os.copy_file_range(fd, to, 9 * MB - done, done, done)
        if n == 0:
            break
        done += n
    seen += [done, os.pread(to, 5, 0), os.pread(to, 3, 8 * MB), os.fstat(to).st_size]
    os.close(fd)
    os.close(to)
    return seen

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
    got, below = os.statvfs(m.path), os.statvfs(m.source)
    for name in ("f_bsize", "f_frsize", "f_blocks", "f_files", "f_namemax"):
        equal(getattr(got, name), getattr(below, name), name)
