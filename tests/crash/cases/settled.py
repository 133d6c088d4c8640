#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An unknown take is settled with the id of its task, the daemon is killed at every fault point on
the way to its picture: at most the command has to be given again."""
# timeout: 300
from crash import *


class Settled(Story):
    scenario = {"faults": [{"on": "create", "to": 1, "close": "after"}]}
    ends = {"success"}

    def prepare(self, m, api):
        m.write("hero.prompt", "A lighthouse")
        m.wait_state("hero", "unknown")
        self.task = api.accepted()[0]["task"]

    def act(self, m):
        # A command whose answer the crash took may have been carried out.
        if m.state("hero") == "unknown":
            m.tell("hero", f"task {self.task}")

    def check(self, m, api, state):
        equal(state, "success")
        paid_once(api, "A lighthouse", state)
        equal(m.status("hero")["task"], self.task)
        equal(m.status("hero")["take"], "1")
        equal(m.names(), ["hero.png", "hero.prompt", "hero.status"])
        whole(m / "hero.png", "A lighthouse")
        equal(m.lost() + m.takes(), [], "kept elsewhere")


tell_story(Settled())
