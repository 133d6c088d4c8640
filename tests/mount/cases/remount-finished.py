#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Everything about a finished take is the same after mounting again."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    text, names = m.status_text("hero"), m.names()
    m.remount()
    equal(m.status_text("hero"), text)
    equal(m.names(), names)
    equal(m.wait("hero"), ["hero.png"])
    m.write("hero.prompt", "A lighthouse")
    equal(m.state("hero"), "success")
    equal(len(api.creates()), 1, "createTask requests")
