#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt that is written becomes a picture beside it, with one paid request."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    m.write("hero.prompt", "A lighthouse at dawn\n")
    os.chmod(m / "hero.prompt", 0o640)
    set_attribute(m / "hero.prompt", "aspect_ratio", "16:9")
    set_attribute(m / "hero.prompt", "quality", "high")
    before = time.time()
    m.let_settle()
    m.wait_state("hero", "success")

    equal(len(api.creates()), 1, "createTask requests")
    body = api.accepted()[0]["body"]
    equal(body["model"], MODEL, "model")
    equal(body["input"]["prompt"], "A lighthouse at dawn", "prompt")
    equal(body["input"]["aspect_ratio"], "16:9", "aspect_ratio")
    equal(body["input"]["quality"], "high", "quality")

    equal(m.pictures(), ["hero.png"], "pictures")
    kind, width, height = picture_size(m / "hero.png")
    equal(kind, "png")
    equal((round(width / 275, 1), round(height / 152, 1)), (1.0, 1.0), f"{width} x {height}")
    picture, prompt = os.stat(m / "hero.png"), os.stat(m / "hero.prompt")
    equal(stat.filemode(picture.st_mode), stat.filemode(prompt.st_mode), "mode")
    equal((picture.st_uid, picture.st_gid), (prompt.st_uid, prompt.st_gid), "owner")
    equal(before - 5 < picture.st_mtime < time.time() + 1, True, "a fresh mtime")
    equal((m.source / "hero.png").read_bytes(), (m / "hero.png").read_bytes(), "bytes in SOURCE")
