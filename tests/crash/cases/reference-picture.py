#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An order with a reference picture, the daemon killed at every fault point, those of the upload among
them: it is one order, and what is sent with it is a picture that the service has."""
# timeout: 600
from crash import *
from darkroom import picture, sha256


class ReferencePicture(Story):
    points = set()

    def prepare(self, m, api):
        os.mkdir(m / "refs")
        picture(m / "refs/a.png", 300, 300)

    def act(self, m):
        m.write("hero.prompt", "---\nmodel: seedream/4.5-edit\nimages: refs/a.png\n---\nA lighthouse")

    def check(self, m, api, state):
        self.points.add(self.point)
        sent = paid_once(api, "A lighthouse", state)
        if state == "unknown":
            honest(self, sent)
            equal(m.pictures(), [])
            retried(m, api, "hero")
        else:
            equal(state, "success")
        equal(m.status("hero")["image_urls"], "refs/a.png")
        whole(m / "hero.png", "A lighthouse")
        uploads = api.journal("upload")
        equal(1 <= len(uploads) <= 2, True, f"{len(uploads)} uploads")
        for order in api.accepted():
            arrived, = order["references"]
            equal(arrived["sha256"], sha256(m / "refs/a.png"), "the picture that was sent")


story = ReferencePicture()
tell_story(story)
missed = {"upload.started", "upload.sent", "upload.answered"} - story.points
equal(missed, set(), "points of the upload where nothing was killed")
