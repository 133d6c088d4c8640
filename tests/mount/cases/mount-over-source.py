#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Without a mount point it is mounted over SOURCE: alive when mounted, a plain directory after."""
from darkroom import *

with Sandbox() as api, Mount(api, over=True) as m:
    m.order("hero", "A lighthouse")
    equal(m.names(), ["hero.png", "hero.prompt", "hero.status"])
    m.unmount()
    equal(sorted(os.listdir(m.source)), [".darkroom", "hero.png", "hero.prompt"])
    m.start()
    equal(m.state("hero"), "success")
