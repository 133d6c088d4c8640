#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""-d logs each request, and neither the key nor a prompt's text."""
from darkroom import *

with Sandbox() as api, Mount(api, flags=["-d"]) as m:
    m.order("hero", "A secret lighthouse")
    m.unmount()
    log = m.log_path.read_text(errors="replace")
    equal(len(log.splitlines()) > 20, True, "a log")
    lacks(log, KEY, "secret lighthouse", what="the log")
    m.start()
