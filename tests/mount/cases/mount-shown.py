#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""/proc/mounts shows type and source, and never the key or where it is."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    row, = [r for r in mounts() if r[0] == str(m.path)]
    equal((row[1], row[2]), ("fuse.darkroomfs", str(m.source)))
    m.order("hero", "A lighthouse")
    with open("/proc/self/mountinfo") as f:
        lacks(f.read(), KEY, "key_file", what="/proc/self/mountinfo")
    everything = Path(f"/proc/{m.process.pid}/cmdline").read_text() + m.log()
    lacks(everything, KEY, what="command line and log")
    run("grep", "-rq", KEY, m.hidden(), check=False).returncode == 1 or fail("key in .darkroom")
