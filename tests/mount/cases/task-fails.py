#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task that fails: the provider's words, what it cost, what to do; saving again buys nothing."""
from darkroom import *

tasks = [{"text": "lighthouse", "state": "fail", "fail_code": "422",
          "fail_msg": "The text was flagged by the safety\nfilter"}]
with Sandbox({"tasks": tasks}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_state("hero", "fail")
    contains(status["error"], "The text was flagged by the safety filter")
    equal("hint" in status, True, f"{status}")
    contains(attribute(m / "hero.prompt", "task.error"), "flagged by the safety")
    equal(m.pictures(), [])
    m.write("hero.prompt", "A lighthouse")
    equal(m.state("hero"), "fail")
    equal(len(api.creates()), 1, "createTask requests")
    m.order("hero", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
