#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two writers of one prompt make one order, when the last has closed."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    one = os.open(m / "hero.prompt", os.O_WRONLY | os.O_CREAT)
    two = os.open(m / "hero.prompt", os.O_WRONLY | os.O_APPEND)
    os.write(one, b"A light")
    os.close(one)
    m.order("other", "A ship")
    os.write(two, b"house")
    os.close(two)
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A ship", "A lighthouse"])
