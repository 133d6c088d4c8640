#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A picture carries real attributes that say where it came from, in SOURCE too."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    status = m.order("hero", "A lighthouse at dawn")
    for path in (m / "hero.png", m.source / "hero.png"):
        equal(attribute(path, "task.uuid"), status["uuid"], "task.uuid")
        equal(attribute(path, "task.id"), api.accepted()[0]["task"], "task.id")
        equal(attribute(path, "model"), MODEL, "model")
        equal(attribute(path, "user.mime_type", whole=True), "image/png", "mime type")
        equal(attribute(path, "user.xdg.comment", whole=True), "A lighthouse at dawn", "comment")
