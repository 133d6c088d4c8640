#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: an order whose answer is lost is unknown, and only a person sends it again."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    faults = [{"on": "create", "text": "closed", "to": 1, "close": "after"},
              {"on": "create", "text": "page", "to": 1, "http": 502, "accept": True,
               "body": "<html>502 Bad Gateway</html>"}]
    with Sandbox({"faults": faults}, dialect=name) as api, Mount(api, provider=name) as m:
        names = ("closed", "page")
        for prompt in names:
            m.write(f"{prompt}.prompt", f"Picture {prompt}")
        for prompt in names:
            status = m.wait_state(prompt, "unknown")
            contains(status["error"], "may have")
            contains(status["hint"], "retry")
        m.remount()
        for prompt in names:
            m.write(f"{prompt}.prompt", f"Picture {prompt}")
        m.order("other", "A ship")
        equal([m.state(p) for p in names], ["unknown", "unknown"])
        equal(len(api.creates()), 3, "createTask requests")
        for prompt in names:
            m.tell(prompt, "retry")
        for prompt in names:
            m.wait_state(prompt, "success")
        equal(len(api.creates()), 5, "createTask requests")


each_service(story)
