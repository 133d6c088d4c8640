#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A result larger than any picture may be is not taken, and leaves nothing behind."""
# timeout: 150
from darkroom import *

faults = [{"on": "download", "body_bytes": 300 << 20}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_state("hero", "fail", timeout=140)
    equal("error" in status, True, f"{status}")
    equal(os.listdir(m.hidden("incoming")), [], "left in incoming")
    equal(m.pictures(), [])
