#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: a task shows the service's own states, and is taken up where it was after
unmounting in the middle of it."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    gates = {state: Gate(f"{name}-{state}") for state in ("waiting", "queuing", "generating")}
    tasks = [{"text": state, **gate.holds(state)} for state, gate in gates.items()]
    with Sandbox({"tasks": tasks}, dialect=name) as api, Mount(api, provider=name) as m:
        before = {}
        for state in gates:
            m.write(f"{state}.prompt", f"Picture {state}")
        for state in gates:
            # Some have one word for all.
            before[state] = m.wait_state(state, state if state in service.states else "waiting")
        m.remount()
        for state in gates:
            after = m.wait_state(state, state if state in service.states else "waiting")
            equal((after["uuid"], after["task"]), (before[state]["uuid"], before[state]["task"]))
            gates[state].open()
        for state in gates:
            m.wait_state(state, "success")
            picture_size(m / f"{state}.png")
        equal(len(api.creates()), 3, "createTask requests")


each_service(story)
