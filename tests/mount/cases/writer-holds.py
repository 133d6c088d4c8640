#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt is not sent while a writer has it open, also when it was committed by fsync."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    fd = os.open(m / "hero.prompt", os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"A lighthouse")
    os.fsync(fd)
    equal(m.state("hero"), "queued", "on record after fsync")
    m.order("other", "A ship")
    equal(api.prompts(), ["A ship"], "sent while hero.prompt was open")
    os.close(fd)
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A ship", "A lighthouse"])
