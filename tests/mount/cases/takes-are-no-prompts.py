#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""No name below takes/ and lost+found/ is a prompt."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.order("hero", "A ship")
    kept = m / ".darkroom/takes" / m.takes()[0]
    (kept.parent / "copy.prompt").write_text("A harbour")
    (m / ".darkroom/lost+found/x.prompt").write_text("A harbour")
    with raises(errno.ENOENT):
        os.stat(kept.parent / "copy.status")
    m.order("other", "A pier")
    equal(api.prompts(), ["A lighthouse", "A ship", "A pier"])
    os.unlink(kept)
    equal(len(m.takes()), 1)
