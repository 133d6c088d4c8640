#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The states come in the order of a task's life, and go through the provider's own words."""
from darkroom import *

LIFE = ["queued", "submitting", "waiting", "queuing", "generating", "downloading", "success"]
gates = {state: Gate(state) for state in LIFE[1:-1]}
scenario = {"faults": [gates["submitting"].holds_answer("create", text="submitting"),
                       gates["downloading"].holds_answer("download", text="downloading")],
            "tasks": [{"text": state, **gates[state].holds(state)}
                      for state in ("waiting", "queuing", "generating")]}
with Sandbox(scenario) as api, Mount(api) as m:
    # As long as a writer has it open it is not sent.
    fd = os.open(m / "queued.prompt", os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"Picture queued")
    os.fsync(fd)
    for state in gates:
        m.write(f"{state}.prompt", f"Picture {state}")
    for state in LIFE[:-1]:
        m.wait_state(state, state)

    seen = {state: [state] for state in LIFE[:-1]}

    def all_finished():
        for name, states in seen.items():
            state = m.state(name)
            if state != states[-1]:
                states.append(state)
        return all(states[-1] == "success" for states in seen.values())

    os.close(fd)
    for gate in gates.values():
        gate.open()
    wait_for(all_finished, lambda: f"success; so far {seen}")
    for name, states in seen.items():
        equal(states, [s for s in LIFE if s in states], f"order of {name}'s states")
