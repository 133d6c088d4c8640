#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Links that are no web address are never followed."""
from darkroom import *

place("secret").write_text("secret")
links = {"file": f"file://{private_directory()}/secret", "gopher": "gopher://127.0.0.1:1/x",
         "nonsense": "not a link at all", "script": "javascript:alert(1)"}
with Sandbox({"tasks": [{"text": t, "url": u} for t, u in links.items()]}) as api, Mount(api) as m:
    for name in links:
        m.write(f"{name}.prompt", f"picture {name}")
    for name in links:
        m.wait_state(name, "fail")
    equal(m.pictures(), [])
    equal(len(api.creates()), len(links), "createTask requests")
