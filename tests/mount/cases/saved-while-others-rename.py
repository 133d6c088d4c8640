#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prompts written, renamed and deleted by several processes at once: no error, none bought
twice."""
# timeout: 120
from darkroom import *

script = """
i=0
while [ $i -lt 15 ]; do
    echo "Picture $1 $i" > $1.tmp && mv $1.tmp $1-$i.prompt &&
    mv $1-$i.prompt $1-$i-moved.prompt && cat $1-$i-moved.status > /dev/null &&
    ls > /dev/null || exit 1
    i=$((i+1))
done
"""
with Sandbox() as api, Mount(api) as m:
    workers = [subprocess.Popen(["sh", "-c", script, "sh", str(n)], cwd=m.path) for n in range(4)]
    equal([w.wait(60) for w in workers], [0] * 4)
    for w in range(4):
        for n in range(15):
            m.wait_state(f"{w}-{n}-moved", "success", timeout=90)
    equal(sorted(api.prompts()), sorted(f"Picture {w} {n}" for w in range(4) for n in range(15)))
    equal(len(m.pictures()), 60)
