#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Shared mappings: what is written there is in the file, in SOURCE and for other readers."""
import mmap
from darkroom import *

def life(d):
    size = 3 * mmap.PAGESIZE + 100
    (d / "file").write_bytes(b"." * size)
    fd = os.open(d / "file", os.O_RDWR)
    with mmap.mmap(fd, size) as memory:
        memory[5000:5005] = b"hello"
        memory[-3:] = b"end"
        memory.flush()
        seen = [os.pread(fd, 5, 5000)]
        os.pwrite(fd, b"written", 0)
        seen.append(bytes(memory[:7]))
    os.close(fd)
    data = (d / "file").read_bytes()
    return seen + [data[4999:5006], data[-4:], len(data)]

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
    equal((m.source / "native/file").read_bytes()[-3:], b"end")
