#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A key file that others may read is refused with a sentence; closed to them, it is used."""
from darkroom import *

with Sandbox() as api:
    path = key_file(mode=0o644)
    m = Mount(api, f"key_file={path}", key=None)
    try:
        m.start()
    except MountFailed as e:
        contains(e.log, "key", "others", str(path))
    else:
        m.write("hero.prompt", "A lighthouse")
        status = m.wait_line("hero", "reason", "key")
        equal(status["state"], "queued")
        contains(m.status_text("hero"), str(path))
        equal(api.journal(), [], "requests")
    path.chmod(0o600)
    if m.process:
        m.wait_state("hero", "success")
    else:
        m.start()
        m.order("hero", "A lighthouse")
    equal(len(api.creates()), 1, "createTask requests")
    m.unmount()
