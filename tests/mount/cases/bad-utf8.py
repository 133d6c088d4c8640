#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A text that is not UTF-8, or has a NUL: EINVAL at close, a sentence, and it can be mended."""
from darkroom import *

bad = {"latin": b"caf\xe9", "surrogate": b"\xed\xa0\x80", "overlong": b"\xc0\xaf",
       "cut": "\u70ef".encode()[:2], "nul": b"a\0b", "utf16": "text".encode("utf-16")}
with Sandbox() as api, Mount(api) as m:
    for name, data in bad.items():
        with raises(errno.EINVAL, what=f"close of {name}"):
            m.write(f"{name}.prompt", data)
        status = m.status(name)
        equal(status["state"], "invalid", name)
        equal("error" in status, True, f"{name}: {status}")
        equal((m / f"{name}.prompt").read_bytes(), data)
    contains(m.status("latin")["error"], "UTF-8")
    equal(api.creates(), [], "createTask requests")
    m.order("latin", "caf\u00e9")
    equal(api.prompts(), ["caf\u00e9"])
