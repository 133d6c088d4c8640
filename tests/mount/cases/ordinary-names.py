#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Names of 255 bytes, of any bytes but slash and NUL; longer ones are refused."""
from darkroom import *

names = [b"x" * 255, b"\xff\xfe\x80 not utf-8", b"new\nline", b" ", b"-rf",
         "\u00fc\U0001f3de".encode(),
         b"\\ \" ' $ * ?", b"..."]

def life(d):
    base, seen = os.fsencode(d), []
    for n in names:
        fd = os.open(base + b"/" + n, os.O_WRONLY | os.O_CREAT)
        os.write(fd, n)
        os.close(fd)
    seen.append(sorted(os.listdir(base)))
    for n in names:
        with open(base + b"/" + n, "rb") as f:
            seen.append(f.read() == n)
    seen.append(outcome(os.open, base + b"/" + b"x" * 256, os.O_WRONLY | os.O_CREAT))
    seen.append(outcome(os.mkdir, base + b"/" + b"x" * 256))
    deep = base
    for _ in range(8):
        deep += b"/" + b"d" * 250
        os.mkdir(deep)
    seen.append(outcome(os.listdir, deep))
    return seen

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
