#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second mount of the same SOURCE is refused with 32 and a sentence; the first goes on."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    second = Mount(api, source=m.source, start=False)
    got = run(*second.command("-f"), env=m.environment, check=False)
    equal(got.returncode, 32, got.stderr)
    contains(got.stderr, "darkroomfs: ", str(m.process.pid))
    equal(mounted_at(second.path), None)
    m.order("other", "A ship")
    equal(len(api.creates()), 2, "createTask requests")
