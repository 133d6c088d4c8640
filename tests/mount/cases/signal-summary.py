#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SIGUSR1 logs one line: prompts, takes that have not ended, and what stops each service."""
from darkroom import *


def summary(*parts):
    lines = lambda: [l for l in m.log().splitlines() if "takes that have not ended" in l]
    before = len(lines())
    m.process.send_signal(signal.SIGUSR1)
    wait_for(lambda: len(lines()) > before, lambda: f"a summary in: {m.log()}")
    contains(lines()[-1], *parts, what="summary")
    return lines()[-1]


gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    summary("0 prompts", "not ended: none")
    for name in ("hero", "ship"):
        m.write(f"{name}.prompt", f"A {name}")
        m.wait_state(name, "generating")
    m.write("draft.prompt", "---\nhold: 1\n---\nA draft")
    with raises(errno.EINVAL):
        m.write("bad.prompt", "---\naspect_ratio: 7:7\n---\nA bad one")
    summary("4 prompts", "1 held, 1 invalid, 2 generating", "; kie: nothing in the way")
    gate.open()
    m.wait_state("ship", "success")
    m.wait_state("hero", "success")
    m.key_path.unlink()
    m.process.send_signal(signal.SIGHUP)
    m.write("boat.prompt", "A boat")
    m.wait_line("boat", "reason", "does not exist")
    line = summary("5 prompts", "1 held, 1 invalid, 1 queued;", "; kie: the key file",
                   "does not exist")
    lacks(line, "generating", "success", what="summary")
    equal(m.process.poll(), None, "the daemon's status")
