#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""user.darkroom.hold makes a draft of a prompt, or of all below a directory, until it is
removed."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    os.mkdir(m / "drafts")
    set_attribute(m / "drafts", "hold", "1")
    m.write("drafts/one.prompt", "One")
    m.write("two.prompt", "Two")
    set_attribute(m / "two.prompt", "hold", "1")
    equal((m.state("drafts/one"), m.state("two")), ("held", "held"))
    os.removexattr(m / "two.prompt", "user.darkroom.hold")
    m.let_settle()
    m.wait_state("two", "success")
    equal(m.state("drafts/one"), "held")
    set_attribute(m / "drafts/one.prompt", "hold", "0")
    m.wait_state("drafts/one", "success")
    equal(api.prompts(), ["Two", "One"])
