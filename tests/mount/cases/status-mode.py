#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A status file can be read by those who can read the prompt."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    for mode, status, wait in ((0o644, "-rw-r--r--", "-r--r--r--"),
                               (0o640, "-rw-r-----", "-r--r-----"),
                               (0o600, "-rw-------", "-r--------")):
        os.chmod(m / "hero.prompt", mode)
        equal(stat.filemode(os.stat(m / "hero.status").st_mode), status)
        equal(stat.filemode(os.stat(m / "hero.wait").st_mode), wait)
