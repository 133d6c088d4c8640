#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A second take replaces a picture, the daemon killed at every fault point: both pictures exist at
the end, one beside the prompt and one in takes/."""
# timeout: 300
from crash import *


class SecondTake(Story):
    def prepare(self, m, api):
        m.order("hero", "A lighthouse")

    def act(self, m):
        m.write("hero.prompt", "A ship")

    def check(self, m, api, state):
        wait_for(lambda: m.status("hero")["take"] == "2", "take 2")
        paid_once(api, "A lighthouse", "success")
        state = wait_for(lambda: came_to_rest(m, "hero"), "take 2 ends")
        sent = paid_once(api, "A ship", state)
        if state == "unknown":
            honest(self, sent)
            whole(m / "hero.png", "A lighthouse")
            equal(m.takes(), [])
            retried(m, api, "hero")
        else:
            equal(state, "success")
        equal(m.pictures(), ["hero.png"])
        whole(m / "hero.png", "A ship")
        kept, = m.takes()
        equal(kept.split("/", 1)[1], "1/hero.png")
        whole(m / ".darkroom/takes" / kept, "A lighthouse")


tell_story(SecondTake())
