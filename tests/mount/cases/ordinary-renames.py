#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rename(2) and renameat2(2) with flags do as in any directory."""
from darkroom import *

def life(d):
    seen = []
    (d / "one").write_text("1")
    (d / "two").write_text("2")
    os.makedirs(d / "full/x")
    os.mkdir(d / "empty")
    seen.append(outcome(renameat2, d / "one", d / "two", RENAME_NOREPLACE))
    renameat2(d / "one", d / "two", RENAME_EXCHANGE)
    seen += [(d / "one").read_text(), (d / "two").read_text()]
    renameat2(d / "one", d / "full", RENAME_EXCHANGE)
    seen += [sorted(os.listdir(d)), os.path.isdir(d / "one")]
    renameat2(d / "one", d / "full", RENAME_EXCHANGE)
    seen.append(outcome(renameat2, d / "one", d / "none", RENAME_EXCHANGE))
    seen.append(outcome(renameat2, d / "one", d / "three", RENAME_EXCHANGE | RENAME_NOREPLACE))
    seen += [outcome(os.rename, d / "one", d / "full"), outcome(os.rename, d / "full", d / "one")]
    seen += [outcome(os.rename, d / "empty", d / "full"), outcome(os.rename, d / "none", d / "x")]
    seen += [outcome(os.rename, d / "full", d / "full/x/y"),
             outcome(os.rename, d / "full", d / "empty")]
    before = os.stat(d / "one").st_ino
    os.rename(d / "one", d / "empty/one")
    seen += [os.stat(d / "empty/one").st_ino == before, sorted(os.listdir(d)),
             sorted(os.listdir(d / "empty"))]
    os.rename(d / "two", d / "empty/one")
    return seen + [(d / "empty/one").read_text(), sorted(os.listdir(d))]

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
    (m / "f").touch()
    with raises(errno.EINVAL):
        renameat2(m / "f", m / "g", RENAME_WHITEOUT)
