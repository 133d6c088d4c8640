#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every service: a link that has expired is renewed where the service can, else its record is
asked for again; the picture comes and nothing is bought."""
# timeout: 120
from darkroom import *
from services import *


def story(name, service):
    faults = [{"on": "download", "from": 1, "to": 1, "http": 403, "body": "Request has expired"}]
    with Sandbox({"faults": faults}, dialect=name) as api, Mount(api, provider=name) as m:
        m.order("hero", "A lighthouse", timeout=60)
        picture_size(m / "hero.png")
        equal(len(api.creates()), 1, "createTask requests")
        kinds = [r["request"] for r in api.journal()]
        between = kinds[kinds.index("download") + 1:]
        between = between[:between.index("download")]
        if name == "kie":
            equal("renew" in between, True, f"{kinds}")
        else:
            equal("status" in between, True, f"{kinds}")
            equal("renew" in kinds, False, f"{kinds}")


each_service(story)
