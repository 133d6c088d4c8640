#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An order that was not sent before unmounting is sent after mounting again, once."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse")
    equal(api.creates(), [], "sent before it had settled")
    m.let_settle()
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A lighthouse"])
