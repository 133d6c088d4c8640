#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Without a key it mounts and prompts queue; the status says where to put the key; once it is
there they go out."""
from darkroom import *

with Sandbox() as api, Mount(api, key=None) as m:
    m.write("hero.prompt", "A lighthouse")
    status = m.wait_line("hero", "reason", "key")
    equal(status["state"], "queued")
    path = m.config / "darkroom/kie.key"
    contains(m.status_text("hero"), str(path), "key_file")
    equal(api.journal(), [], "requests without a key")
    path.touch(0o600)
    path.write_text(KEY + "\n")
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")
    equal(api.creates()[0]["authorized"], True)
