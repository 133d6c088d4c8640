#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A result that never is a picture: the take fails and says so, nothing is shown; when it is
mended, `retry` fetches it and buys nothing."""
# timeout: 120
from darkroom import *

bodies = {
    "html": {"body": "<html>sign in</html>"},
    "empty": {"body": ""},
    "quiet": {"truncate_quietly": 500},
}
faults = [{"on": "download", "text": f"picture {name}", **fault} for name, fault in bodies.items()]
with Sandbox({"faults": faults}) as api, Mount(api) as m:
    for name in bodies:
        m.write(f"{name}.prompt", f"picture {name}")
    for name in bodies:
        status = m.wait_state(name, "fail", timeout=100)
        equal("error" in status, True, f"{status}")
        contains(status["hint"], "retry", what=name)
    equal(m.pictures(), [])
    api.restart({})
    for name in bodies:
        m.tell(name, "retry")
        m.wait_state(name, "success")
        picture_size(m / f"{name}.png")
    equal(len(api.creates()), len(bodies), "createTask requests")
