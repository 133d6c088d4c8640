#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A header that does not end, or has a bad line: EINVAL at close, and the line is named."""
from darkroom import *

bad = {"endless": "---\nquality: high\nA lighthouse",
       "line": "---\nquality high\n---\nA lighthouse",
       "unknown": "---\nflavour: mint\n---\nA lighthouse",
       "value": "---\naspect_ratio: 99:1\n---\nA lighthouse",
       "model": "---\nmodel: nobody/nothing\n---\nA lighthouse"}
words = {"endless": ["---"], "line": ["line 2"], "unknown": ["flavour"],
         "value": ["aspect_ratio", "99:1", "16:9"], "model": ["nobody/nothing"]}
with Sandbox() as api, Mount(api) as m:
    for name, text in bad.items():
        with raises(errno.EINVAL, what=f"close of {name}"):
            m.write(f"{name}.prompt", text)
        equal(m.state(name), "invalid", name)
        contains(m.status(name)["error"], *words[name], what=name)
        with raises(errno.EIO, what=f"{name}.wait"):
            m.wait(name)
    equal(api.creates(), [], "createTask requests")
    m.order("value", "---\naspect_ratio: 16:9\n---\nA lighthouse")
    equal(len(api.creates()), 1, "createTask requests")
