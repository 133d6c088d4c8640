#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Unmounted lazily while a file is open: the paid picture still arrives in SOURCE, and the daemon
ends when the file is closed."""
from darkroom import *

gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "generating")
    held = open(m / "hero.prompt")
    run("fusermount3", "-uz", m.path)
    gate.open()
    wait_for((m.source / "hero.png").exists, "the picture in SOURCE")
    picture_size(m.source / "hero.png")
    equal(held.read(), "A lighthouse")
    held.close()
    m.wait_end(0)
    m.start()
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
