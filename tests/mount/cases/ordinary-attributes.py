#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Modes, owners, times to the nanosecond, and extended attributes that are not ours."""
from darkroom import *

def life(d):
    seen, path = [], d / "file"
    path.write_text("text")
    for mode in (0o600, 0o7755, 0o000, 0o644):
        os.chmod(path, mode)
        seen.append(stat.filemode(os.stat(path).st_mode))
    os.utime(path, ns=(1_000_000_001_123_456_789, 2_000_000_002_987_654_321))
    seen += [os.stat(path).st_atime_ns, os.stat(path).st_mtime_ns]
    os.symlink("file", d / "link")
    os.utime(d / "link", ns=(5, 6), follow_symlinks=False)
    seen += [os.lstat(d / "link").st_mtime_ns, os.stat(path).st_mtime_ns]
    os.utime(path, ns=(-1_500_000_000, -2_500_000_000))
    seen.append(os.stat(path).st_mtime_ns)
    os.utime(path)
    seen.append(abs(time.time() - os.stat(path).st_mtime) < 60)
    if os.geteuid() == 0:
        os.chown(path, 12345, 23456)
        seen.append((os.stat(path).st_uid, os.stat(path).st_gid))
    os.setxattr(path, "user.colour", b"blue\0\xff")
    os.setxattr(path, "user.empty", b"")
    seen += [os.getxattr(path, "user.colour"), os.getxattr(path, "user.empty")]
    seen += [sorted(os.listxattr(path)), outcome(os.getxattr, path, "user.none")]
    seen.append(outcome(os.setxattr, path, "user.colour", b"x", os.XATTR_CREATE))
    seen.append(outcome(os.setxattr, path, "user.none", b"x", os.XATTR_REPLACE))
    os.removexattr(path, "user.colour")
    seen += [os.listxattr(path), outcome(os.removexattr, path, "user.colour")]
    os.setxattr(d, "user.on-directory", b"yes")
    seen += [os.getxattr(d, "user.on-directory"), outcome(os.setxattr, path, "nonsense", b"x")]
    return seen

with Sandbox() as api, Mount(api) as m:
    same_as_native(m, life)
