#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon is killed at random points three times in a row, recovery included."""
# timeout: 300
from crash import *


class Replaced(Story):
    scenario = {"tasks": [{"pictures": 2}]}

    def prepare(self, m, api):
        m.order("hero", "Two lighthouses")

    def act(self, m):
        m.write("hero.prompt", "Two ships")

    def check(self, m, api, state):
        wait_for(lambda: m.status("hero")["take"] == "2", "take 2")
        state = wait_for(lambda: came_to_rest(m, "hero"), "take 2 ends")
        paid_once(api, "Two ships", state)
        if state == "unknown":
            retried(m, api, "hero")
        equal(m.pictures(), ["hero-1.png", "hero-2.png"])
        for name in m.pictures():
            whole(m / name, "Two ships")
        equal([t.split("/", 1)[1] for t in m.takes()], ["1/hero-1.png", "1/hero-2.png"])
        for kept in m.takes():
            whole(m / ".darkroom/takes" / kept, "Two lighthouses")


tell_at_random(Replaced(), runs=15, lives=3, most=40,
               seed=int(os.environ.get("DARKROOM_TEST_SEED", "4711")))
