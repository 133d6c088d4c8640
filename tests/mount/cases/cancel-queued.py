#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""cancel takes back an order that was not sent yet; release sends it after all."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse")
    m.tell("hero", "cancel")
    equal(m.state("hero"), "held")
    m.let_settle()
    m.order("other", "A ship")
    equal(api.prompts(), ["A ship"])
    equal(m.state("hero"), "held")
    m.tell("hero", "release")
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A ship", "A lighthouse"])
