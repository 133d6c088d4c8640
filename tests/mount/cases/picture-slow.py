#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that stalls half-way goes on; nothing is shown before it is whole."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("download")]}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "downloading")
    equal(m.pictures(), [])
    with deadline(DEADLINE, "another file"):
        m.write("note.txt", "files do not wait for it")
    equal((m.pictures(), m.state("hero")), ([], "downloading"))
    gate.open()
    m.wait_state("hero", "success")
    picture_size(m / "hero.png")
