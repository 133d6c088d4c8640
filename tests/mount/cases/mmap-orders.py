#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A text that is changed through a shared mapping is ordered when its writer closes."""
import mmap
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    fd = os.open(m / "hero.prompt", os.O_RDWR)
    with mmap.mmap(fd, 12) as memory:
        memory[2:12] = b"tugboat..."
        memory.flush()
    os.close(fd)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    equal(api.prompts(), ["A lighthouse", "A tugboat..."])
