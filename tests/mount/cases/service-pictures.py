#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: an order in common words becomes a picture of the right shape, with its
attributes and status; several at once; a task that fails; an order that is refused."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    faults = [{"on": "create", "text": "refused", "msg": "input.moon is not allowed",
               **service.refusal}]
    tasks = [{"text": "fails", "state": "fail", "fail_code": "500",
              "fail_msg": "internal error, please try again later."},
             {"text": "unsafe", "state": "fail", "fail_code": "400",
              "fail_msg": "The prompt violates our content policy"}]
    with (Sandbox({"faults": faults, "tasks": tasks}, dialect=name) as api,
          Mount(api, provider=name) as m):
        status = m.order("hero", header(aspect_ratio="16:9", quality="high"))
        kind, width, height = picture_size(m / "hero.png")
        equal(abs(width / height - 16 / 9) < 0.05, True, f"{width} x {height}")
        sent, = api.accepted()
        equal(sent["body"]["model"], service.model)
        equal(sent["body"]["input"], {"prompt": "A lighthouse", **service.sent})
        equal((sent["authorized"], api.ignored()), (True, []))
        equal(api.journal("download")[0]["has_key"], False, "the key was sent with a download")

        equal((status["provider"], status["model"]), (name, service.model))
        equal({k: status.get(k) for k in service.sent}, service.sent, "what was sent")
        equal((status["task"], status["images"]), (sent["task"], "hero.png"))
        if service.ignored:
            contains(status["ignored"], service.ignored)
        else:
            equal(status.get("ignored"), None)
        if service.price:      # it tells what it charged
            equal(float(status["credits"].split()[0]), service.price)
        equal(attribute(m / "hero.png", "task.id"), sent["task"])
        equal(attribute(m / "hero.png", "model"), service.model)
        equal(attribute(m / "hero.png", "user.xdg.comment", whole=True), "A lighthouse")

        status = m.order("plain", "A ship")
        equal(api.ignored(), [], "sent and not known")
        if service.several:
            model, settings = service.several
            m.order("two", header("Two lighthouses", model=model, **settings))
            equal([n for n in m.pictures() if n.startswith("two")], ["two-1.png", "two-2.png"])

        m.write("fails.prompt", "It fails")
        m.write("unsafe.prompt", "It is unsafe")
        m.write("refused.prompt", "It is refused")
        status = m.wait_state("fails", "fail")
        contains(status["error"], "internal error")
        contains(status["hint"], "retry")
        status = m.wait_state("unsafe", "fail")
        contains(status["error"], "content policy")
        contains(status["hint"], "change")
        status = m.wait_state("refused", "fail")
        contains(status["error"], "moon")
        equal(status["charged"], "no")
        equal(len([r for r in api.creates() if not r["accepted"]]), 1, "refused requests")


each_service(story)
