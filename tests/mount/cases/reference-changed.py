#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A reference picture that is changed, or lost, while it is uploaded: nothing is paid for with the
wrong picture; the prompt says so, and retry orders it with the file as it is."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("upload")]}) as api, Mount(api) as m:
    set_attribute(m.path, "model", "nano-banana-pro")
    for name in ("changed", "lost"):
        # Larger than what is under way in buffers.
        picture_of_bytes(m / f"{name}.png", 30_000_000)
        m.write(f"{name}.prompt", f"---\nimages: {name}.png\n---\nA lighthouse")
        m.wait_line(name, "reason", f"uploading {name}.png")
    with open(m / "changed.png", "r+b") as f:
        f.seek(29_900_000)
        f.write(b"retouched")
    os.truncate(m / "lost.png", 29_000_000)
    gate.open()
    for name in ("changed", "lost"):
        status = m.wait_line(name, "state", "invalid")
        contains(status["error"], f"{name}.png", "changed", "nothing was sent to be paid")
        contains(status["hint"], "retry")
    equal(api.creates(), [], "createTask requests")
    picture(m / "lost.png", 300, 300)
    for number, name in enumerate(("lost", "changed"), 1):
        m.tell(name, "retry")
        equal(m.wait_state(name, "success")["take"], "1", name)
        equal(len(api.creates()), number, "createTask requests")
        arrived, = api.accepted()[-1]["references"]
        equal(arrived["sha256"], sha256(m / f"{name}.png"), f"{name}: the picture that was sent")

# A picture that the service refuses, and one with which the task fails, are retouched.
refused = {"on": "upload", "to": 1, "http": 400, "code": 400, "msg": "no such type"}
with Sandbox({"faults": [refused], "tasks": [{"state": "fail"}]}) as api, Mount(api) as m:
    set_attribute(m.path, "model", "nano-banana-pro")
    picture(m / "a.png", 300, 300)
    m.write("hero.prompt", "---\nimages: a.png\n---\nA lighthouse")
    equal(m.wait_state("hero", "fail")["charged"], "no", "charged")
    for take, state in (2, "fail"), (3, "success"):
        picture(m / "a.png", 300 + take, 300)
        m.tell("hero", "retry")
        m.wait_line("hero", "take", str(take))
        m.wait_state("hero", state)
        arrived, = api.accepted()[-1]["references"]
        equal(arrived["sha256"], sha256(m / "a.png"), f"take {take}: the picture that was sent")
        api.restart({})
    equal(len(api.journal("upload")), 3, "uploads")
    equal(len(api.creates()), 2, "createTask requests")
