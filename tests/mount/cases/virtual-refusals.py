#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What cannot be done to virtual files is refused with EPERM, or EEXIST for making one."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    status = m / "hero.status"
    m.write("file", "text")
    for what, call in {
            "unlink": lambda: os.unlink(status),
            "rename from": lambda: os.rename(status, m / "x"),
            "chmod": lambda: os.chmod(status, 0o600),
            "utime": lambda: os.utime(status),
            "setxattr": lambda: os.setxattr(status, "user.x", b"1"),
            "parameter": lambda: set_attribute(status, "aspect_ratio", "16:9"),
            "link": lambda: os.link(status, m / "x")}.items():
        with raises(errno.EPERM, what=what):
            call()
    for what, call in {
            "create": lambda: os.close(os.open(status, os.O_CREAT | os.O_EXCL | os.O_WRONLY)),
            "mkdir": lambda: os.mkdir(status),
            "symlink": lambda: os.symlink("x", status),
            "link to": lambda: os.link(m / "file", status),
            "mknod": lambda: os.mknod(status, 0o644 | stat.S_IFREG),
            "rename to": lambda: os.rename(m / "file", status)}.items():
        with raises(errno.EEXIST, what=what):
            call()
    equal(m.names(), ["file", "hero.png", "hero.prompt", "hero.status"])
    equal((m / "file").read_text(), "text")
