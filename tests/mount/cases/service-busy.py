#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: "too many requests" slows everyone down; nothing is lost or bought twice."""
# timeout: 180
from darkroom import *
from services import *


def story(name, service):
    scenario = {"rate": {"count": 2, "period_ms": 1500}}
    with Sandbox(scenario, dialect=name) as api, Mount(api, provider=name) as m:
        for n in range(6):
            m.write(f"{n}.prompt", f"Picture {n}")
        for n in range(6):
            m.wait_state(str(n), "success", timeout=60)
        equal(sorted(api.prompts()), [f"Picture {n}" for n in range(6)])
        equal(any(not r["accepted"] for r in api.creates()), True, "there was a refusal")


each_service(story)
