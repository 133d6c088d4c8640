#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The same where it was mounted over SOURCE itself."""
from darkroom import *

with Sandbox() as api, Mount(api, over=True) as m:
    m.order("hero", "A lighthouse")
    m.kill9()
    wait_for(lambda: outcome(os.listdir, m.path) == "ENOTCONN", "a dead mount")
    m.start()
    equal(m.state("hero"), "success")
