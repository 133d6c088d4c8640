#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""In SOURCE the hidden directory is closed to others, and no request's key is in it."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    equal(stat.filemode(os.stat(m.hidden()).st_mode), "drwx------")
    m.unmount()
    equal(run("grep", "-rl", KEY, m.source, check=False).stdout, "")
    m.start()
