#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""rsync -a into the mount orders each prompt once; a second run has nothing to do."""
from darkroom import *

need_tool("rsync")
with Sandbox() as api, Mount(api) as m:
    tree = directory("tree")
    (tree / "d").mkdir()
    for name in ("one", "d/two"):
        (tree / f"{name}.prompt").write_text(f"Picture {name}")
    run("rsync", "-a", f"{tree}/", f"{m.path}/")
    m.wait_state("one", "success")
    m.wait_state("d/two", "success")
    again = run("rsync", "-a", "--itemize-changes", f"{tree}/", f"{m.path}/")
    equal([l for l in again.stdout.splitlines() if "prompt" in l], [], "the second run")
    (tree / "one.prompt").write_text("Another picture, one")
    run("rsync", "-a", f"{tree}/", f"{m.path}/")
    wait_for(lambda: m.status("one")["take"] == "2" and m.state("one") == "success", "take 2")
    equal(sorted(api.prompts()), ["Another picture, one", "Picture d/two", "Picture one"])
