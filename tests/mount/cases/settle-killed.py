#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The daemon dies while createTask is under way: the take is unknown, and the id of its task
settles it.  The daemon dies again while the task is looked for: it goes on by itself."""
from darkroom import *

made, running = Gate("made"), Gate("running")
scenario = {**running.holds("generating"), "faults": [made.holds_answer("create", to=1)]}
with Sandbox(scenario) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "submitting")
    task = wait_for(api.accepted, "createTask in the journal")[0]["task"]
    m.kill9()
    made.open()
    forget_mounts(m.path)
    m.start()
    contains(m.wait_state("hero", "unknown")["hint"], "write task", what="hint")
    m.tell("hero", f"task {task}")
    equal(m.wait_state("hero", "generating")["task"], task)
    m.kill9()
    forget_mounts(m.path)
    m.start()
    equal(m.wait_state("hero", "generating")["task"], task)
    running.open()
    m.wait_state("hero", "success")
    picture_size(m / "hero.png")
    equal(len(api.creates()), 1, "createTask requests")
