#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt is saved by rename and renamed again while its task runs, the daemon killed at every
fault point."""
# timeout: 300
from crash import *


class Renamed(Story):
    final = "d/cover"

    def prepare(self, m, api):
        os.mkdir(m / "d")

    def act(self, m):
        if not (m / "d/cover.prompt").exists():
            if not (m / "hero.prompt").exists():
                m.write("hero.tmp", "A lighthouse")
                os.rename(m / "hero.tmp", m / "hero.prompt")
            os.rename(m / "hero.prompt", m / "d/cover.prompt")
        m.write("d/cover.prompt", "A lighthouse")

    def check(self, m, api, state):
        sent = [r for r in api.creates()]
        equal(len(sent) <= 1, True, f"{len(sent)} requests")
        if state == "unknown":
            retried(m, api, "d/cover")
        equal((m.names(), m.names("d")), (["d"], ["cover.png", "cover.prompt", "cover.status"]))
        whole(m / "d/cover.png", "A lighthouse")


tell_story(Renamed())
