#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Hard links, symbolic links and other kinds of nodes."""
from darkroom import *

def life(d):
    seen = []
    (d / "file").write_text("text")
    os.link(d / "file", d / "hard")
    one, two = os.stat(d / "file"), os.stat(d / "hard")
    seen += [one.st_nlink, one.st_ino == two.st_ino, outcome(os.link, d / "file", d / "hard")]
    (d / "hard").write_text("changed")
    seen.append((d / "file").read_text())
    os.unlink(d / "file")
    seen += [(d / "hard").read_text(), os.stat(d / "hard").st_nlink]
    os.symlink("hard", d / "soft")
    os.symlink("nowhere/at/all", d / "dangling")
    os.symlink("x" * 4000, d / "long")
    seen += [os.readlink(d / "soft"), (d / "soft").read_text(), os.lstat(d / "soft").st_size]
    seen += [os.readlink(d / "dangling"), outcome(os.stat, d / "dangling"),
             len(os.readlink(d / "long"))]
    seen += [outcome(os.readlink, d / "hard"), stat.filemode(os.lstat(d / "soft").st_mode)]
    os.mkfifo(d / "fifo", 0o600)
    seen += [stat.filemode(os.stat(d / "fifo").st_mode)]
    os.mknod(d / "node", 0o644 | stat.S_IFREG)
    seen += [os.stat(d / "node").st_size, outcome(os.link, d, d / "dir")]
    return seen + [sorted(os.listdir(d))]

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
