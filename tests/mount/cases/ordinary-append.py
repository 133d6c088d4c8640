#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Appenders of one file do not overwrite one another."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    script = f'i=0; while [ $i -lt 300 ]; do echo "$1 $i"; i=$((i+1)); done >> {m.path}/log'
    writers = [subprocess.Popen(["sh", "-c", script, "sh", str(n)]) for n in range(4)]
    equal([w.wait(DEADLINE) for w in writers], [0] * 4)
    lines = (m / "log").read_text().splitlines()
    equal(sorted(lines), sorted(f"{n} {i}" for n in range(4) for i in range(300)))
