#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Copies of a descriptor that are closed early, as a shell does, do not send half a text."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    fd = os.open(m / "hero.prompt", os.O_WRONLY | os.O_CREAT)
    copies = [os.dup(fd), os.dup(fd)]
    os.write(fd, b"A light")
    os.close(copies.pop())
    m.order("other", "Something else, later and finished first")
    os.write(fd, b"house")
    os.close(fd)
    os.close(copies.pop())
    m.wait_state("hero", "success")
    equal(api.prompts(), ["Something else, later and finished first", "A lighthouse"])
