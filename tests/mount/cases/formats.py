#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A picture is named after what its bytes are."""
from darkroom import *

tasks = [{"text": "jay", "format": "jpeg"}, {"text": "web", "format": "webp"}]
with Sandbox({"tasks": tasks}) as api, Mount(api) as m:
    m.order("jay", "A jay")
    m.order("web", "A web")
    equal(m.pictures(), ["jay.jpg", "web.webp"])
    equal(picture_size(m / "jay.jpg")[0], "jpeg")
    equal(picture_size(m / "web.webp")[0], "webp")
    equal(attribute(m / "jay.jpg", "user.mime_type", whole=True), "image/jpeg")
    equal(attribute(m / "web.webp", "user.mime_type", whole=True), "image/webp")
