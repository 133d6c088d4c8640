#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two prompts that are exchanged keep their takes with them; nothing is bought."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    one, two = m.order("one", "One"), m.order("two", "Two")
    renameat2(m / "one.prompt", m / "two.prompt", RENAME_EXCHANGE)
    equal((m.status("one")["uuid"], m.status("two")["uuid"]), (two["uuid"], one["uuid"]))
    equal((m / "one.prompt").read_text(), "Two")
    m.order("other", "Three")
    equal(api.prompts(), ["One", "Two", "Three"])
