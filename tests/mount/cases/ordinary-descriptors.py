#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon gives back what it held for files that are gone."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    held = lambda: len(os.listdir(f"/proc/{m.process.pid}/fd"))
    before = held()
    os.mkdir(m / "d")
    for n in range(2000):
        (m / f"d/{n}").write_text("text")
    run("rm", "-r", m / "d")
    wait_for(lambda: held() <= before + 20, lambda: f"{before} descriptors at first, now {held()}")
