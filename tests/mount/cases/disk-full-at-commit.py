#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The disk is full when a text that fits is committed: close gives ENOSPC and nothing is sent, or
it is on record and goes out once; never neither."""
from darkroom import *

with small_disk() as disk, Sandbox() as api, Mount(api, "hold", source=disk) as m:
    for n in range(12):
        m.write(f"{n}.prompt", "." * 100)
    filler = fill(disk)
    refused = []
    for n in range(12):
        fd = os.open(m / f"{n}.prompt", os.O_WRONLY)
        os.write(fd, f"---\nhold: 0\n---\nPicture {n}\n".encode().ljust(100))
        try:
            os.close(fd)
        except OSError as e:
            equal(errno.errorcode[e.errno], "ENOSPC", "close")
            refused.append(n)
    filler.unlink()
    for n in range(12):
        if n not in refused:
            m.wait_state(str(n), "success", timeout=40)
    equal(sorted(api.prompts()), sorted(f"Picture {n}" for n in range(12) if n not in refused))
    for n in refused:
        m.order(str(n), f"---\nhold: 0\n---\nPicture {n}\n")
    equal(sorted(api.prompts()), sorted(f"Picture {n}" for n in range(12)))
