#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Two hundred prompts copied in at once, and a budget for twenty: twenty are bought."""
# timeout: 150
from darkroom import *

prompts = directory("prompts")
for n in range(200):
    (prompts / f"{n:03}.prompt").write_text(f"Picture {n:03}")

with Sandbox() as api, Mount(api, options="budget=130") as m:
    run("cp", *sorted(prompts.iterdir()), m.path)

    def states():
        return sorted(m.status(f"{n:03}").get("state") for n in range(200))

    wait_for(lambda: states() == ["queued"] * 180 + ["success"] * 20, states, 100)
    for n in range(200):
        if m.status(f"{n:03}")["state"] == "queued":
            m.wait_line(f"{n:03}", "reason", "budget: 130 of 130")
    m.tell(next(f"{n:03}" for n in range(200) if m.status(f"{n:03}")["state"] == "queued"), "retry")
    m.unmount()
    m.start()
    for n in range(200):
        if m.status(f"{n:03}")["state"] != "success":
            m.wait_line(f"{n:03}", "reason", "budget: 130 of 130")
    equal(len(api.creates()), 20, "createTask requests")
    equal(len(m.pictures()), 20)
