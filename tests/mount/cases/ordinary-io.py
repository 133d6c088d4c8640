#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Random reads and writes of a large file agree with a copy in memory, across remounts."""
import random
from darkroom import *

rng, size = random.Random(4711), 6 << 20
with Sandbox() as api, Mount(api) as m:
    model = bytearray()
    for round in range(4):
        fd = os.open(m / "big", os.O_RDWR | os.O_CREAT)
        for _ in range(150):
            at, n = rng.randrange(size), rng.choice((1, 100, 4096, 70_000, 1_500_000))
            action = rng.randrange(10)
            if action < 5:
                data = rng.randbytes(n)
                os.pwrite(fd, data, at)
                if len(model) < at:
                    model.extend(bytes(at - len(model)))
                model[at:at + n] = data
            elif action < 9:
                equal(os.pread(fd, n, at) == bytes(model[at:at + n]), True, f"{n} bytes at {at}")
            else:
                os.ftruncate(fd, at)
                model = model[:at] + bytes(max(0, at - len(model)))
        os.close(fd)
        equal((m / "big").read_bytes() == bytes(model), True, f"content after round {round}")
        equal((m.source / "big").read_bytes() == bytes(model), True, "content in SOURCE")
        m.remount()
