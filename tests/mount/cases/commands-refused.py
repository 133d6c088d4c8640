#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A word that is no command, or means nothing in this state, is EINVAL and changes nothing."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    for word in ("explode", "", "retry retry", "RETRY", "release", "retry", "x" * 5000):
        with raises(errno.EINVAL, what=f"command {word[:20]!r}"):
            m.tell("hero", word)
    equal(m.state("hero"), "success")
    equal(len(api.creates()), 1, "createTask requests")
