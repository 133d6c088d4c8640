#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SIGTERM and SIGINT unmount cleanly under -f, with status 0."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    for signo in (signal.SIGTERM, signal.SIGINT):
        if not m.process:
            m.start()
        m.write("hero.prompt", "A lighthouse")
        m.process.send_signal(signo)
        m.wait_end(0)
        equal(mounted_at(m.path), None)
