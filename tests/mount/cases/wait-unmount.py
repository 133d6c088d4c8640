#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unmounting frees those who wait."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    reader = subprocess.Popen(["cat", str(m / "hero.wait")], stderr=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL)
    wait_for(lambda: "hero.wait" in holders(m.path), "cat has it open")
    m.process.terminate()
    m.wait_end()
    equal(reader.wait(DEADLINE) != 0, True, "the reader's failure")
