#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt is deleted when its task was sent, the daemon killed at every fault point: a paid
picture is beside the prompt or in lost+found/."""
# timeout: 300
from crash import *


class Deleted(Story):
    """`other` is there to see the end by."""

    final = "other"
    scenario = {"tasks": [{"text": "lighthouse", "generating_ms": 300}]}

    def prepare(self, m, api):
        self.deleted = self.unknown = False

    def act(self, m):
        if not self.deleted:
            m.write("hero.prompt", "A lighthouse")
            state = wait_for(lambda: m.state("hero") not in ("queued", "submitting")
                             and m.state("hero"), "sent")
            self.unknown = state == "unknown"
            os.unlink(m / "hero.prompt")
            self.deleted = True
        m.write("other.prompt", "A ship")

    def check(self, m, api, state):
        paid_once(api, "A ship", state)
        if state == "unknown":
            retried(m, api, "other")
        paid_once(api, "A lighthouse", "unknown" if self.unknown else "success")
        equal((m / "hero.prompt").exists(), False)
        if not self.unknown:
            kept, = wait_for(lambda: [m / n for n in m.pictures() if "hero" in n]
                             + [m / ".darkroom/lost+found" / n for n in m.lost()], "the picture")
            whole(kept, "A lighthouse")


tell_story(Deleted())
