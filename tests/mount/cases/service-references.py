#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: reference pictures as addresses, and as files where the service takes files; where
it does not, the prompt is invalid and says so."""
# timeout: 120
from darkroom import *
from services import *

FAR = "https://example.com/far.png"


def story(name, service):
    with Sandbox(dialect=name) as api, Mount(api, provider=name) as m:
        picture(m / "near.png", 300, 300)
        m.order("far", header("Far", model=service.edit, images=FAR))
        equal(api.inputs()[-1][service.edit_field], [FAR])
        equal(api.journal("upload"), [], "uploads")
        if not service.files:
            with raises(errno.EINVAL, what="close"):
                m.write("near.prompt", header("Near", model=service.edit, images="near.png"))
            status = m.status("near")
            equal(status["state"], "invalid")
            contains(status["error"], "images", "takes no uploads", "https")
            equal(len(api.creates()), 1, "createTask requests")
        else:
            status = m.order("near", header("Near", model=service.edit, images="near.png"))
            equal(status[service.edit_field], "near.png")
            sent, = api.inputs()[-1][service.edit_field]
            arrived, = api.accepted()[-1]["references"]
            equal(arrived["sha256"], sha256(m / "near.png"), "the picture that arrived")
            if service.files == "data":
                equal(sent.startswith("data:image/png;base64,"), True, sent[:60])
            else:
                upload, = api.journal("upload")
                equal((upload["http"], upload["authorized"]), (200, True))
                equal(sent.startswith(f"{api.url}/"), True, sent)
            picture_size(m / "near-1.png")
        equal(api.ignored(), [], "sent and not known")


each_service(story)
