#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers of 100 MB do not make the daemon grow."""
from darkroom import *

if os.environ.get("DARKROOM_TEST_STRETCH"):
    skip("memory is not what it is with sanitizers")
faults = [{"on": "create", "from": 1, "to": 1, "body_bytes": 100 << 20, "accept": True},
          {"on": "status", "from": 1, "to": 2, "body_bytes": 100 << 20}]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")
    m.wait_state("hero", "unknown")
    m.tell("hero", "retry")
    m.wait_state("hero", "success")
    peak = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{m.process.pid}/status").read_text())
    equal(int(peak[1]) < 100_000, True, f"peak memory {peak[1]} kB")
