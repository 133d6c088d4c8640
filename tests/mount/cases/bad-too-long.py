#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A text of 3001 characters: close gives EINVAL, the status says why, the text is kept, nothing is
sent; cut to 3000 it goes out."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    with raises(errno.EINVAL, what="close"):
        m.write("hero.prompt", "x" * 3001)
    status = m.status("hero")
    equal(status["state"], "invalid")
    contains(status["error"], "3001", "3000")
    equal(os.stat(m / "hero.prompt").st_size, 3001)
    with raises(errno.EINVAL, what="fsync"):
        fd = os.open(m / "hero.prompt", os.O_RDWR)
        try:
            os.write(fd, b"y")
            os.fsync(fd)
        finally:
            with contextlib.suppress(OSError):
                os.close(fd)
    os.truncate(m / "hero.prompt", 3000)
    m.wait_state("hero", "success")
    equal(api.prompts(), ["y" + "x" * 2999])
