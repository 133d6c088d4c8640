#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Prompts with odd and with the longest possible names get their pictures and status files."""
from darkroom import *

stems = [b"\xff\xfe not utf-8", b"new\nline", b"a b'c\"d", b"hero.prompt", b"-f", b"x" * 248]
with Sandbox() as api, Mount(api) as m:
    base = os.fsencode(m.path)
    for n, stem in enumerate(stems):
        fd = os.open(base + b"/" + stem + b".prompt", os.O_WRONLY | os.O_CREAT)
        os.write(fd, b"Picture %d" % n)
        os.close(fd)
    for stem in stems:
        path = base + b"/" + stem
        wait_for(lambda: os.getxattr(path + b".prompt", "user.darkroom.task.state") == b"success",
                 lambda: f"{stem!r}: {Path(os.fsdecode(path + b'.status')).read_text()}")
        picture_size(os.fsdecode(path + b".png"))
    equal(sorted(api.prompts()), [f"Picture {n}" for n in range(len(stems))])
