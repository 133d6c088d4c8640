#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""setxattr refuses unknown parameters and values outside their list, and keeps the old value."""
from darkroom import *

other = {"models": {"test/other": {"text": {"name": "prompt", "max_chars": 100}, "parameters": {
    "max_images": {"type": "integer", "min": 1, "max": 6, "default": 1}}}}}
with Sandbox() as api, Mount(api, "hold", definition=other) as m:
    m.write("hero.prompt", "A lighthouse")
    os.mkdir(m / "d")
    for path in (m / "hero.prompt", m / "d", m.path):
        set_attribute(path, "aspect_ratio", "16:9")
        for name, value in (("flavour", "mint"), ("aspect_ratio", "99:1"), ("aspect_ratio", ""),
                            ("quality", "HIGHEST"), ("hold", "perhaps"),
                            ("model", "nobody/nothing"),
                            ("provider", "nobody"), ("aspect_ratio", "16:9\n4:3"), ("", "x")):
            with raises(errno.EINVAL, what=f"{name}={value!r} on {path}"):
                set_attribute(path, name, value)
        equal(attribute(path, "aspect_ratio"), "16:9")
        set_attribute(path, "max_images", "2")      # another model's parameter
        set_attribute(path, "variation", "two")
        os.setxattr(path, "user.anything", b"goes")
    equal(m.state("hero"), "held")
    equal(api.creates(), [], "createTask requests")
