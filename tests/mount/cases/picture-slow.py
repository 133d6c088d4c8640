#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that stalls half-way goes on; nothing is shown before it is whole."""
from darkroom import *

with Sandbox({"faults": [{"on": "download", "stall_ms": 2500}]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "downloading")
    equal(m.pictures(), [])
    m.write("note.txt", "files are quick meanwhile")
    m.wait_state("hero", "success")
    picture_size(m / "hero.png")
