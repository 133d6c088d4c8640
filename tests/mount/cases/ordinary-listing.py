#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A listing can be taken up at any of its places, status files and all, while files come and
go."""
import ctypes.util
from darkroom import *

opendir, readdir, telldir, seekdir, closedir = (
    getattr(libc, n) for n in ("opendir", "readdir", "telldir", "seekdir", "closedir"))
opendir.restype = readdir.restype = ctypes.c_void_p
telldir.restype = ctypes.c_long
for f in (readdir, telldir, closedir):
    f.argtypes = [ctypes.c_void_p]
seekdir.argtypes = [ctypes.c_void_p, ctypes.c_long]

def name(entry):
    return ctypes.string_at(entry + 19).decode()      # struct dirent's d_name

with Sandbox() as api, Mount(api, "hold") as m:
    for n in range(300):
        (m / f"file-{n}").touch()
    for n in range(50):
        m.write(f"{n}.prompt", "A lighthouse")
    stream = opendir(os.fsencode(m.path))
    places, names = [], []
    while True:
        at = telldir(stream)
        entry = readdir(stream)
        if not entry:
            break
        places.append(at)
        names.append(name(entry))
    equal(len(names), 2 + 300 + 50 + 50)
    equal(len(set(names)), len(names), "each once")
    for n in (0, 1, 2, 17, 150, 301, 350, 399, 40, 5):
        seekdir(stream, places[n])
        equal(name(readdir(stream)), names[n], f"entry {n}")
    closedir(stream)
