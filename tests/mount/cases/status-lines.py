#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The status of a finished take, one line for each thing there is to say."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    status = m.order("hero", "---\naspect_ratio: 16:9\n---\nA lighthouse")
    equal(status["state"], "success")
    equal(status["provider"], "kie")
    equal(status["model"], MODEL)
    equal(status["aspect_ratio"], "16:9")
    equal(status["quality"], "basic")
    equal(status["task"], api.accepted()[0]["task"])
    equal(bool(re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", status["uuid"])), True)
    equal(status["take"], "1")
    when = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"
    equal(bool(re.fullmatch(when, status["created"])), True, status["created"])
    equal(bool(re.fullmatch(when, status["completed"])), True, status["completed"])
    equal(float(status["credits"].split()[0]), PRICE)
    equal(bool(re.match(r"\d+\.\d s$", status["elapsed"])), True, status["elapsed"])
    equal(status["images"], "hero.png")
    for name in ("reason", "error", "hint", "ignored", "reused", "expected", "prompt", "key"):
        equal(status.get(name), None, f"line {name}")
    lacks(m.status_text("hero"), KEY)
