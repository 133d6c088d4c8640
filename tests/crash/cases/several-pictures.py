#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A take of three pictures replaces one of two, the daemon killed at every fault point."""
# timeout: 400
from crash import *


class SeveralPictures(Story):
    scenario = {"tasks": [{"text": "ships", "pictures": 3}, {"text": "lighthouses", "pictures": 2}]}

    def prepare(self, m, api):
        m.order("hero", "Two lighthouses")

    def act(self, m):
        m.write("hero.prompt", "Three ships")

    def check(self, m, api, state):
        wait_for(lambda: m.status("hero")["take"] == "2", "take 2")
        state = wait_for(lambda: came_to_rest(m, "hero"), "take 2 ends")
        paid_once(api, "Three ships", state)
        if state == "unknown":
            equal(m.pictures(), ["hero-1.png", "hero-2.png"])
            retried(m, api, "hero")
        else:
            equal(state, "success")
        three = ["hero-1.png", "hero-2.png", "hero-3.png"]
        equal(m.pictures(), three)
        equal(m.wait("hero"), three)
        for name in three:
            whole(m / name, "Three ships")
        equal([t.split("/", 1)[1] for t in m.takes()], ["1/hero-1.png", "1/hero-2.png"])
        for kept in m.takes():
            whole(m / ".darkroom/takes" / kept, "Two lighthouses")


tell_story(SeveralPictures())
