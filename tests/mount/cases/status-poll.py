#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""poll(2) on a status file tells of a change."""
import select
from darkroom import *

with Sandbox() as api, Mount(api, "hold") as m:
    m.write("hero.prompt", "A lighthouse")
    fd = os.open(m / "hero.status", os.O_RDONLY)
    contains(os.pread(fd, 4096, 0).decode(), "state: held")
    poll = select.poll()
    poll.register(fd, select.POLLPRI)
    equal(poll.poll(0), [], "a change before there was one")
    m.tell("hero", "release")
    state, end = "held", time.monotonic() + DEADLINE
    while state != "success" and time.monotonic() < end:
        equal([f for f, _ in poll.poll(DEADLINE * 1000)], [fd], f"woken after {state}")
        state = os.pread(fd, 4096, 0).decode().split("\n")[0].split(": ")[1]
    equal(state, "success")
    os.close(fd)
