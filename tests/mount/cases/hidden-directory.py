#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
""".darkroom is opened by name and not listed: help, models, earlier takes; nothing else of it."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    equal(".darkroom" in m.names(), False, "listed")
    hidden = m / ".darkroom"
    equal(stat.filemode(os.stat(hidden).st_mode), "dr-xr-xr-x")
    readme = (hidden / "README").read_text()
    contains(readme, ".prompt", ".status", "setfattr", "retry")
    equal(os.stat(hidden / "README").st_size, len(readme.encode()))
    names = os.listdir(hidden)
    for name in ("README", "models", "queue", "budget", "takes", "lost+found"):
        equal(name in names, True, f"{name} in {names}")
    for name in ("incoming", "tasks.db", "lock"):
        with raises(errno.ENOENT, what=name):
            os.stat(hidden / name)
    page = (hidden / "models/seedream_4.5-text-to-image").read_text()
    contains(page, "aspect_ratio", "16:9", "quality", "high", "3000", "6.5")
    with raises(errno.EPERM, errno.EACCES):
        os.unlink(hidden / "README")
    with raises(errno.EPERM, errno.EACCES):
        (hidden / "README").write_text("x")
    with raises(errno.EPERM, errno.EACCES):
        (hidden / "new").touch()
    with raises(errno.EEXIST):
        os.mkdir(hidden)
    with raises(errno.EPERM, errno.EACCES):
        os.rename(hidden, m / "shown")
    with raises(errno.EPERM, errno.EACCES, errno.ENOTEMPTY):
        os.rmdir(hidden)
    os.mkdir(m / "d")
    with raises(errno.EPERM, errno.EACCES, errno.EEXIST, errno.ENOTEMPTY):
        os.rename(m / "d", hidden)
