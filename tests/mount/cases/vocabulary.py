#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""aspect_ratio and quality mean the same with every model; a model's own names are taken too; both
with different meanings, or a value with no exact counterpart, are invalid and say what is
allowed."""
from darkroom import *
from services import header

V4, GROK, QWEN = ("bytedance/seedream-v4-text-to-image", "grok-imagine/text-to-image",
                  "qwen2/text-to-image")
RIGHT = {
    # what is set, and what is sent besides the text
    "common": ({"model": V4, "aspect_ratio": "16:9", "quality": "high"},
               {"image_size": "landscape_16_9", "image_resolution": "4K"}),
    "own": ({"model": V4, "image_size": "portrait_3_2", "image_resolution": "2K"},
            {"image_size": "portrait_3_2", "image_resolution": "2K"}),
    "mixed": ({"model": V4, "image_size": "portrait_3_2", "quality": "high"},
              {"image_size": "portrait_3_2", "image_resolution": "4K"}),
    "same": ({"model": V4, "image_size": "landscape_21_9", "aspect_ratio": "21:9"},
             {"image_size": "landscape_21_9"}),
    "grok": ({"model": GROK, "aspect_ratio": "2:3"}, {"aspect_ratio": "2:3"}),
    "qwen": ({"model": QWEN, "aspect_ratio": "9:16"}, {"image_size": "9:16"}),
    "imagen": ({"model": "google/imagen4", "aspect_ratio": "4:3", "seed": "12"},
               {"aspect_ratio": "4:3", "seed": "12"}),
    "gpt": ({"model": "gpt-image/1.5-text-to-image", "aspect_ratio": "3:2", "quality": "high"},
            {"aspect_ratio": "3:2", "quality": "high"}),
    "size": ({"model": "seedream/5-flash-text-to-image", "aspect_ratio": "21:9", "quality": "high"},
             {"aspect_ratio": "21:9", "size": "2K"}),
}
WRONG = {
    "disagree": ({"model": V4, "image_size": "landscape_16_9", "aspect_ratio": "1:1"},
                 ["aspect_ratio", "image_size", "disagree"]),
    "resolution": ({"model": V4, "image_resolution": "1K", "quality": "high"},
                   ["quality", "image_resolution", "disagree"]),
    "inexact": ({"model": QWEN, "aspect_ratio": "21:9"},
                ["aspect_ratio", "21:9", "1:1", "3:4", "4:3", "9:16", "16:9"]),
    "few": ({"model": GROK, "aspect_ratio": "4:3"}, ["aspect_ratio", "4:3", "2:3", "16:9"]),
    "range": ({"model": V4, "max_images": "7"}, ["max_images", "1", "6"]),
    "word": ({"model": V4, "max_images": "two"}, ["max_images", "two"]),
    "together": ({"model": "gpt-image-2-text-to-image", "aspect_ratio": "1:1", "quality": "high"},
                 ["4K"]),
    "model": ({"model": "seedream/9"}, ["seedream/9"]),
}
with Sandbox({"balance": 10_000}) as api, Mount(api) as m:
    for name, (settings, _) in RIGHT.items():
        m.write(f"{name}.prompt", header(f"Picture {name}", **settings))
    for name, (settings, expected) in RIGHT.items():
        status = m.wait_state(name, "success")
        equal({k: status.get(k) for k in expected}, expected, f"{name}: in the status")
        equal(status.get("ignored"), None, name)
    sent = {i["prompt"]: i for i in api.inputs()}
    for name, (settings, expected) in RIGHT.items():
        got = sent[f"Picture {name}"]
        equal({k: got.get(k) for k in expected}, expected, f"{name}: sent")
        for word in ("aspect_ratio", "quality"):
            equal(word in got, word in expected, f"{name}: {word} was sent")
    equal(api.ignored(), [], "sent and not known")

    orders = len(api.creates())
    for name, (settings, words) in WRONG.items():
        with raises(errno.EINVAL, what=f"close of {name}"):
            m.write(f"{name}.prompt", header(**settings))
        status = m.status(name)
        equal(status["state"], "invalid", name)
        contains(status["error"], *words, what=name)

    # Across levels the nearest counts, whatever it is called there.
    os.mkdir(m / "d")
    set_attribute(m / "d", "model", V4)
    set_attribute(m / "d", "image_size", "portrait_4_3")
    m.write("d/near.prompt", header("Near", aspect_ratio="16:9"))
    m.wait_state("d/near", "success")
    equal(api.inputs()[-1]["image_size"], "landscape_16_9")

    # setfattr refuses at once what can never be, and the page of the model has what can.
    with raises(errno.EINVAL):
        set_attribute(m / "d", "image_size", "16:9")
    with raises(errno.EINVAL):
        set_attribute(m / "d", "max_images", "7")
    page = (m / ".darkroom/models/bytedance_seedream-v4-text-to-image").read_text()
    contains(page, "image_size", "landscape_16_9", "aspect_ratio", "max_images", "1K, 2K, 4K",
             "setfattr", "credits", "5000")
    contains((m / ".darkroom/README").read_text(), "models")
    equal(len(api.creates()), orders + 1, "createTask requests")
