#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Many readers of NAME.wait stop nobody, and all get their answer."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    readers = [subprocess.Popen(["cat", str(m / "hero.wait")], stdout=subprocess.PIPE, text=True)
               for _ in range(30)]
    wait_for(lambda: holders(m.path).count("hero.wait") >= 30, "all have it open")
    with deadline(DEADLINE, "another file"):
        m.write("note.txt", "text")
        m.tell("hero", "release")
    equal([r.communicate(timeout=DEADLINE)[0] for r in readers], ["hero.png\n"] * 30)
