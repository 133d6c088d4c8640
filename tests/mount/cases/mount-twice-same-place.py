#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mounting again on a living mount is refused with 32 and a sentence."""
from darkroom import *

with Sandbox() as api, Mount(api, over=True) as m:
    got = run(*m.command(), env=m.environment, check=False)
    equal(got.returncode, 32, got.stderr)
    contains(got.stderr, "mounted")
    m.order("hero", "A lighthouse")
    equal(len([p for p, *_ in mounts() if p == str(m.path)]), 1, "mounts")
