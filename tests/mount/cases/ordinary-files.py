#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Files are made, read, written, appended, cut, removed as in any directory."""
from darkroom import *

def life(d):
    seen, path = [], d / "file"
    with raises(errno.ENOENT):
        path.read_text()
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o640)
    seen += [os.write(fd, b"hello"), os.pread(fd, 9, 1), os.pwrite(fd, b"END", 100)]
    seen += [os.fstat(fd).st_size, os.lseek(fd, -3, os.SEEK_END), os.read(fd, 9)]
    os.fsync(fd)
    os.fdatasync(fd)
    os.ftruncate(fd, 3)
    os.close(fd)
    seen += [outcome(os.open, path, os.O_CREAT | os.O_EXCL), path.read_bytes()]
    with open(path, "ab") as f:
        f.write(b"+more")
    seen += [path.read_bytes(), stat.filemode(path.stat().st_mode), path.stat().st_nlink]
    os.truncate(path, 2)
    seen += [path.read_bytes(), path.stat().st_size]
    os.close(os.open(path, os.O_WRONLY | os.O_TRUNC))
    seen += [path.stat().st_size, outcome(os.rmdir, path), outcome(os.mkdir, path)]
    seen += [outcome(os.listdir, path), outcome(os.open, path / "x", os.O_RDONLY)]
    os.unlink(path)
    return seen + [os.listdir(d), outcome(os.unlink, path)]

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
