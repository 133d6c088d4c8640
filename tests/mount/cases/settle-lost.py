#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task whose answer was lost is found at the provider: its id, written into the status file,
brings the pictures without another bill.  What is no such id is refused or costs nothing."""
from darkroom import *

PATIENT = {"pace": {**PACE, "not_found_grace_ms": 50}}
faults = [{"on": "create", "to": 2, "close": "after"}]


def refused(name, command):
    with raises(errno.EINVAL, what=f"{command[:20]!r} of {name}"):
        m.tell(name, command)


with Sandbox({"faults": faults}) as api, Mount(api, definition=PATIENT) as m:
    for name in ("hero", "ship"):
        m.write(f"{name}.prompt", f"A {name}")
        status = m.wait_state(name, "unknown")
        contains(status["hint"], "write task", "retry", what="hint")
    hero, ship = [r["task"] for r in api.accepted()]
    other = m.order("other", "A fox")["task"]

    for command in ("task", "task ", "task " + "x" * 129, "task a\tb", "task \x7f",
                    f"task {other}", f"task {hero}\nretry"):
        refused("hero", command)
    refused("other", f"task {hero}")
    contains(m.log(), other, "other.prompt", what="log")
    m.write("draft.prompt", "")
    refused("draft", f"task {hero}")

    # An id that the provider does not know.
    m.tell("hero", "task none-such")
    status = wait_for(lambda: "none-such" in m.status("hero").get("error", "") and m.status("hero"),
                      lambda: m.status_text("hero"))
    equal(status["state"], "unknown")
    contains(status["error"], "does not know", "cost nothing", what="error")
    contains(status["hint"], "write task", "retry", what="hint")
    equal(status.get("task"), None, "task")

    run("sh", "-c", f"echo 'task {hero}' > hero.status", cwd=m.path)
    equal(m.wait("hero"), ["hero.png"])
    status = m.status("hero")
    equal((status["state"], status["task"], status["take"]), ("success", hero, "1"))
    equal(attribute(m / "hero.png", "user.darkroom.task.id", whole=True), hero)
    equal(attribute(m / "hero.png", "user.xdg.comment", whole=True), "A hero")
    picture_size(m / "hero.png")
    # One task's pictures belong to one take.
    refused("ship", f"task {hero}")

    # Also later, when it was mounted anew.
    m.remount()
    m.tell("ship", f"task {ship}")
    m.wait_state("ship", "success")
    m.remount()
    equal([m.state(n) for n in ("hero", "ship")], ["success", "success"])
    m.write("hero.prompt", "A hero")
    equal(len(api.creates()), 3, "createTask requests")
