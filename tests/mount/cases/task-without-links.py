#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Success without a link to a picture is a failure that says so."""
from darkroom import *

shapes = ("none", "wrong_type")
with Sandbox({"tasks": [{"text": s, "result": s} for s in shapes]}) as api, Mount(api) as m:
    for shape in shapes:
        m.write(f"{shape}.prompt", f"picture {shape}")
    for shape in shapes:
        status = m.wait_state(shape, "fail")
        equal("error" in status and "hint" in status, True, f"{shape}: {status}")
    equal(len(api.creates()), 2, "createTask requests")
