#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""NAME.wait is never listed, and is only there for a prompt."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    equal("hero.wait" in m.names(), False, "listed")
    equal(stat.filemode(os.stat(m / "hero.wait").st_mode), "-r--r--r--")
    with raises(errno.ENOENT):
        os.stat(m / "nobody.wait")
    with raises(errno.EPERM, errno.EACCES):
        os.close(os.open(m / "hero.wait", os.O_WRONLY))
