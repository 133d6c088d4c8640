#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Mounting and every file operation work, at once, when the service is away."""
from darkroom import *

with Sandbox() as api:
    api.stop()
    with Mount(api) as m:
        began = time.monotonic()
        for n in range(20):
            m.write(f"{n}.prompt", f"Picture {n}")
            m.status(str(n))
        equal(time.monotonic() - began < 10 * STRETCH, True, "quick")
        os.rename(m / "0.prompt", m / "zero.prompt")
        os.unlink(m / "1.prompt")
        equal("queued" in m.state("zero"), True)
