#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An empty prompt, or one of white space only, is invalid, orders nothing, and mends when
written."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    for name, text in (("empty", ""), ("blank", " \n\t\n"),
                       ("header", "---\nquality: high\n---\n")):
        m.write(f"{name}.prompt", text)
        status = m.status(name)
        equal(status["state"], "invalid", name)
        contains(status["error"], "empty")
    (m / "touched.prompt").touch()
    equal(m.state("touched"), "invalid")
    equal(api.creates(), [], "createTask requests")
    for name in ("empty", "touched"):
        m.order(name, f"Picture {name}")
    equal(api.prompts(), ["Picture empty", "Picture touched"])
