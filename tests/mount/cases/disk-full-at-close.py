#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The disk is full when a prompt is saved: ENOSPC, nothing is sent; after space was made, saving
again orders it."""
from darkroom import *

with small_disk() as disk, Sandbox() as api, Mount(api, source=disk) as m:
    m.order("other", "A ship")
    filler = fill(disk)
    with raises(errno.ENOSPC, what="saving"):
        m.write("hero.prompt", "A lighthouse")
    filler.unlink()
    m.order("third", "A harbour")
    equal(api.prompts(), ["A ship", "A harbour"])
    m.order("hero", "A lighthouse")
    equal(len(api.creates()), 3, "createTask requests")
