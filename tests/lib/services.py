# SPDX-License-Identifier: MIT
"""The image services side by side: what a story needs to know to be told of each of them."""

import json
from pathlib import Path

from darkroom import MODEL, Mount, SERVICES, Sandbox, attribute, contains, equal

DATA = Path(__file__).resolve().parent.parent / "models"


class Service:
    """model: the default one.  sent: what the common words 16:9 and high become there.  ignored:
    which of them it lacks.  several: a model that makes several pictures, its setting for two, and
    what it needs besides.  edit: a model that takes pictures.  files: how a file travels, None: not
    at all.  price: what its records tell of the charge, None: nothing.  refusal: how it refuses a value."""

    def __init__(self, model, *, sent, edit, edit_field, files, refusal, ignored=None, several=None,
                 price=None, states=("waiting", "queuing", "generating")):
        self.model = model
        self.sent = sent
        self.ignored = ignored
        self.several = several
        self.edit, self.edit_field = edit, edit_field
        self.files = files
        self.price = price
        self.refusal = refusal
        self.states = states


V4 = {"image_size": "landscape_16_9", "image_resolution": "4K"}
REAL = {"http": 422, "code": 422}

TABLE = {
    "kie": Service(
        MODEL, sent={"aspect_ratio": "16:9", "quality": "high"}, price=6.5,
        several=("bytedance/seedream-v4-text-to-image", {"max_images": "2"}),
        edit="seedream/4.5-edit", edit_field="image_urls", files="upload", refusal={"code": 422}),
    "revidapi": Service(
        MODEL, sent={"aspect_ratio": "16:9", "quality": "high"},
        edit="seedream/4.5-edit", edit_field="image_urls", files=None, refusal=REAL,
        states=("waiting",)),
    "liangxin": Service(
        "seedream-v4-5", sent={"aspect_ratio": "16:9"}, ignored="quality",
        edit="seedream-v4-5-edit", edit_field="reference_images", files="data",
        refusal={"http": 400, "code": 400}),
    "apikley": Service(
        "bytedance/seedream-v4-text-to-image", sent=V4,
        several=("bytedance/seedream-v4-text-to-image", {"max_images": "2"}),
        edit="bytedance/seedream-v4-edit", edit_field="image_urls", files=None,
        refusal={"code": 422}),
}
assert list(TABLE) == SERVICES


def each_service(story):
    """Tells the story of every service; a failure names the one it is about."""
    for name in SERVICES:
        print(f"# {name}", flush=True)
        try:
            story(name, TABLE[name])
        except AssertionError as e:
            raise AssertionError(f"{name}: {e}") from e


def header(text="A lighthouse", **settings):
    """A prompt with these settings at its top."""
    lines = [f"{name}: {value}" for name, value in settings.items()]
    return "\n".join(["---", *lines, "---", text])


def expected_orders(name):
    """The orders of tests/models/NAME.json: model, text, settings, and the input, or the whole body,
    that must come of them."""
    return json.loads((DATA / f"{name}.json").read_text())
