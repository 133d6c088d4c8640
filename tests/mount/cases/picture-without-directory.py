#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt's directory becomes unwritable while its task runs: nothing is lost."""
from darkroom import *

need_root()
need_tool("chattr")
gate = Gate()
with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
    os.mkdir(m / "d")
    m.write("d/hero.prompt", "A lighthouse")
    m.wait_state("d/hero", "generating")
    run("chattr", "+i", m.source / "d", check=False).returncode == 0 or skip("needs chattr +i")
    gate.open()
    try:
        wait_for(lambda: m.status("d/hero").get("reason") or m.state("d/hero") == "success"
                 or m.state("d/hero") == "fail", lambda: m.status_text("d/hero"))
        equal(m.state("d/hero"), "downloading")
    finally:
        run("chattr", "-i", m.source / "d")
    m.wait_state("d/hero", "success", timeout=40)
    equal(m.pictures("d"), ["hero.png"])
    equal(len(api.creates()), 1, "createTask requests")
