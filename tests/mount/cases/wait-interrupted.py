#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A signal interrupts the read of NAME.wait with EINTR; the mount goes on."""
from darkroom import *

class Rung(Exception):
    pass

def ring(_signo, _frame):
    raise Rung

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    fd = os.open(m / "hero.wait", os.O_RDONLY)
    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        fail(f"read gave {os.read(fd, 100)!r}")
    except Rung:
        pass
    os.close(fd)
    m.tell("hero", "release")
    equal(m.wait("hero"), ["hero.png"])
