#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt is written, the daemon is killed at every fault point on the way to its picture."""
# timeout: 300
from crash import *


class FirstTake(Story):
    def act(self, m):
        m.write("hero.prompt", "A lighthouse")

    def check(self, m, api, state):
        sent = paid_once(api, "A lighthouse", state)
        if state == "unknown":
            honest(self, sent)
            equal(m.pictures(), [])
            retried(m, api, "hero")
        else:
            equal(state, "success")
            equal(sent, True)
        equal(m.names(), ["hero.png", "hero.prompt", "hero.status"])
        whole(m / "hero.png", "A lighthouse")
        equal(m.lost() + m.takes(), [], "kept elsewhere")


tell_story(FirstTake())
