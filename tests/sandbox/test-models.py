#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The models that each service has: what it takes, what it refuses, what comes out and what it costs.

usage: test-models.py PROGRAM TABLE...
"""

import json
import os
import sys

from client import AT_ONCE, Sandbox, equal, ok, png_make, png_size, run_tests

TABLES = sys.argv[2:]
FULL = {**AT_ONCE, "scale": 0.125, "balance": 1000000}
ELSEWHERE = "https://example.org/a.png"
CREATE = {"revidapi": "/paid/%s/create"}
CREATE_OTHER = "/api/v1/jobs/createTask"
# kie.ai's older services: the parameters are beside the model's name.
OLDER = {"gpt4o-image": "/api/v1/gpt4o-image/", "flux-kontext": "/api/v1/flux/kontext/"}
STATUS = {"revidapi": ("POST", "/paid/get/taskid?taskId=")}
STATUS_OTHER = ("GET", "/api/v1/jobs/recordInfo?taskId=")


def tables():
    """Service and models of each."""
    found = {}
    for path in TABLES:
        with open(path, encoding="utf-8") as file:
            found.setdefault(os.path.basename(path)[:-5].split("-")[0], {}).update(json.load(file))
    for models in found.values():
        for name, model in list(models.items()):
            models[name] = models[model["like"]] if "like" in model else model
    return found


class Shop(Sandbox):
    def __init__(self, service="kie", scenario=None):
        super().__init__(scenario or FULL, dialect=service)
        self.service = service

    def send(self, model, given, family=None):
        if family in OLDER:
            named = {"model": model} if family == "flux-kontext" else {}
            return self.api("POST", OLDER[family] + "generate", {**named, **given})
        path = CREATE[self.service] % family if family else CREATE_OTHER
        answer = self.api("POST", path, {"model": model, "input": given})
        return answer[0] if isinstance(answer, list) else answer

    def code(self, model, given, family=None):
        answer = self.send(model, given, family)
        return answer.get("code", 422)

    def buy(self, model, given, family=None):
        """The sizes of the pictures that come of it, and the journal's line."""
        answer = self.send(model, given, family)
        assert answer.get("code") == 200, (model, given, answer)
        line = self.journal()[-1]
        method, path = STATUS.get(self.service, STATUS_OTHER)
        if family in OLDER:
            path = OLDER[family] + "record-info?taskId="
        answer = self.api(method, path + answer["data"]["taskId"])
        data = (answer[0] if isinstance(answer, list) else answer)["data"]
        if family in OLDER:
            assert data["successFlag"] == 1, data
            response = data["response"]
            urls = response["resultUrls"] if family == "gpt4o-image" else [response["resultImageUrl"]]
        else:
            assert data["state"] == "success", data
            urls = json.loads(data["resultJson"])["resultUrls"]
        sizes = []
        for url in urls:
            status, headers, picture = self.request("GET", url[len(self.url):])
            assert status == 200, status
            sizes.append(png_size(picture) or headers["Content-Type"])
        return sizes, line


def simplest(model):
    """The least that the model takes."""
    given = {}
    for name, field in model["fields"].items():
        if field.get("required"):
            given[name] = {"address": ELSEWHERE, "addresses": [ELSEWHERE], "task": "TASK"}.get(
                field["type"], field["of"][0] if "of" in field else "fox")
    if "filesUrl" in model["fields"]:
        given["prompt"] = "fox"  # one of the two must be there
    return given or {"image_url": ELSEWHERE}


def wrong_values(field):
    """Values that the field does not take, by what is wrong with them."""
    kind = field["type"]
    if "of" in field:
        yield "another word", "nothing like it"
    if kind in ("text", "address", "task"):
        yield "a number", 7
        yield "a list", ["x"]
    if kind in ("integer", "number"):
        yield "a number as a text", "2"
        yield "true", True
        if "max" in field:
            yield "too large", field["max"] + 1
        if "min" in field:
            yield "too small", field["min"] - 1
    if kind == "integer":
        yield "half", 1.5
    if kind == "boolean":
        yield "a flag as a text", "true"
        yield "a flag as a number", 1
    if kind == "text" and "max" in field:
        yield "too long", "x" * (field["max"] + 1)
    if kind == "text" and field.get("min", 0) > 1:
        yield "too short", "x" * (field["min"] - 1)
    if kind == "address":
        yield "no address", "a.png"
        yield "another scheme", "file:///etc/passwd"
    if kind == "addresses":
        yield "an address alone", ELSEWHERE
        yield "no address", ["a.png"]
        yield "a number in it", [7]
        yield "too many", [ELSEWHERE] * (field.get("max", 1000) + 1) if "max" in field else 7
    if kind == "integers":
        yield "texts in it", ["1"]
    if kind == "list":
        yield "no list", "x"
        if "max" in field:
            yield "too many", list(range(field["max"] + 1))


def test_every_model():
    """Each field of each model: left out where it is required, wrong, and of another model."""
    for service, models in tables().items():
        with Shop(service) as shop:
            shop_task = None
            for name, model in models.items():
                family = model.get("family")
                given = simplest(model)
                if "TASK" in given.values():
                    if not shop_task:
                        shop.code("z-image", {"prompt": "x", "aspect_ratio": "1:1"})
                        shop_task = shop.journal()[-1]["task"]
                    given["task_id"] = shop_task
                _, line = shop.buy(name, {**given, "nonsense": 1}, family)
                equal((line["ignored"], line["charged"] >= 0), (["nonsense"], True),
                      f"{service} {name}: the least there is")
                bad = []
                for key, field in model["fields"].items():
                    if field.get("required"):
                        less = {other: value for other, value in given.items() if other != key}
                        if shop.code(name, less, family) == 200:
                            bad.append((key, "missing"))
                    for why, value in wrong_values(field):
                        if shop.code(name, {**given, key: value}, family) == 200:
                            bad.append((key, why))
                    if key not in given and shop.code(name, {**given, key: None}, family) != 200:
                        bad.append((key, "null"))
                equal(bad, [], f"{service} {name}: nothing wrong is taken")


def size_of(pixels):
    return tuple(round(side / 8) for side in pixels)


def test_sizes_and_prices():
    words = {"prompt": "fox"}
    ratio = {**words, "aspect_ratio": "16:9"}
    for model, given, pixels, count, price in (
            ("seedream/4.5-text-to-image", {**ratio, "quality": "high"}, (5504, 3040), 1, 6.5),
            ("seedream/5-lite-text-to-image", {**ratio, "quality": "high"}, (4096, 2304), 1, 5.5),
            ("seedream/5-lite-text-to-image", {**ratio, "quality": "ultra"}, (5504, 3040), 1, 5.5),
            ("seedream/5-pro-text-to-image", {**ratio, "quality": "high"}, (2848, 1600), 1, 14),
            ("seedream/5-pro-text-to-image", {"prompt": "fox", "aspect_ratio": "1:1", "quality": "basic"},
             (1024, 1024), 1, 7),
            ("bytedance/seedream-v4-text-to-image",
             {**words, "image_size": "landscape_4_3", "image_resolution": "4K"}, (4096, 3072), 1, 5),
            ("bytedance/seedream-v4-text-to-image",
             {**words, "image_size": "portrait_16_9", "image_resolution": "2K", "max_images": 3},
             (1152, 2048), 3, 15),
            ("bytedance/seedream", words, (1024, 1024), 1, 3.5),
            ("bytedance/seedream", {**words, "image_size": "square"}, (512, 512), 1, 3.5),
            ("bytedance/seedream", {**words, "image_size": "portrait_4_3"}, (768, 1024), 1, 3.5),
            ("z-image", {**words, "aspect_ratio": "1:1"}, (1024, 1024), 1, 0.8),
            ("nano-banana-pro", {**words, "resolution": "4K", "output_format": "png"}, (4096, 4096), 1, 24),
            ("nano-banana-2", {**words, "output_format": "png"}, (1024, 1024), 1, 8),
            ("google/nano-banana", {**words, "image_size": "21:9"}, (1568, 672), 1, 4),
            ("google/imagen4-fast", words, (1368, 768), 1, 4),
            ("gpt-image/1.5-text-to-image", {**words, "aspect_ratio": "1:1", "quality": "high"},
             (1024, 1024), 1, 22),
            ("gpt-image-2-text-to-image", {**words, "aspect_ratio": "2:1", "resolution": "4K"},
             (5792, 2896), 1, 16),
            ("ideogram/character", {**words, "reference_image_urls": [ELSEWHERE], "num_images": "4",
                                    "rendering_speed": "QUALITY"}, (1024, 1024), 4, 96),
            ("ideogram/v3-remix", {**words, "image_url": ELSEWHERE, "num_images": "2",
                                   "rendering_speed": "TURBO", "image_size": "landscape_16_9"},
             (1024, 576), 2, 7),
            ("qwen/text-to-image", words, (1024, 1024), 1, 4.2),
            ("qwen2/text-to-image", {**words, "image_size": "1:1"}, (1024, 1024), 1, 5.6),
            ("qwen3/image-to-image", {**words, "image_urls": [ELSEWHERE] * 3, "image_size": "1:1"},
             (1024, 1024), 1, 6.3),
            ("seedream/5-pro-image-to-image", {**words, "image_urls": [ELSEWHERE] * 3, "aspect_ratio": "1:1",
                                               "quality": "basic"}, (1024, 1024), 1, 8),
            ("wan/2-7-image", {**words, "aspect_ratio": "8:1", "resolution": "1K"}, (2896, 360), 4, 19.2),
            ("wan/2-7-image", {**words, "enable_sequential": True, "n": 2, "resolution": "1K"},
             (1024, 1024), 2, 9.6),
            ("grok-imagine/text-to-image", {**words, "enable_pro": True}, (1024, 1024), 6, 5),
            ("flux-2/pro-text-to-image", {**words, "aspect_ratio": "1:1", "resolution": "2K"},
             (2048, 2048), 1, 7)):
        with Shop() as shop:
            sizes, line = shop.buy(model, given)
            equal((sizes, line["charged"], line["ignored"]), ([size_of(pixels)] * count, price, []),
                  f"{model}: {json.dumps(given)[:70]}")
    with Shop("liangxin") as shop:
        for given, pixels in (({}, (2048, 2048)), ({"aspect_ratio": "16:9"}, (2730, 1536)),
                              ({"aspect_ratio": "social_story_9_16"}, (1536, 2730)),
                              ({"aspect_ratio": "portrait_2_3"}, (1672, 2508)),
                              ({"aspect_ratio": "traditional_3_4"}, (1774, 2364))):
            sizes, _ = shop.buy("seedream-v4-5", {**words, **given})
            equal(sizes, [size_of(pixels)], f"liangxin: {given}")
        sizes, _ = shop.buy("flux-2-pro", {**words, "width": 800, "height": 1440})
        equal(sizes, [(100, 180)], "liangxin: width and height")
        sizes, _ = shop.buy("z-image", {**words, "aspect_ratio": "16:9"})
        equal(sizes, [size_of((1024, 576))], "liangxin: a ratio where no size is given")
        sizes, _ = shop.buy("z-image", {**words, "aspect_ratio": "16:9", "image_size": "portrait_4_3"})
        equal(sizes, [size_of((768, 1024))], "liangxin: the size wins")
    for model, given, pixels, price in (
            ("4o-image-api", {"size": "3:2"}, (1256, 840), 6), ("4o-image-api", {"size": "1:1"}, (1024, 1024), 6),
            ("flux-kontext-pro", {"outputFormat": "png"}, (1368, 768), 5),
            ("flux-kontext-max", {"outputFormat": "png", "aspectRatio": "1:1"}, (1024, 1024), 10)):
        with Shop() as shop:
            family = "gpt4o-image" if "size" in given else "flux-kontext"
            sizes, line = shop.buy(model, {**words, **given}, family)
            equal((sizes, line["charged"], line["ignored"]), ([size_of(pixels)], price, []), f"{model}: {given}")
    with Shop("liangxin") as shop:
        for given, kind in (({}, (128, 128)), ({"output_format": "image/jpeg"}, "image/jpeg"),
                            ({"output_format": "jpg"}, "image/jpeg")):
            equal(shop.buy("imagen4-ultra", {**words, **given})[0], [kind], f"liangxin: imagen4-ultra {given}")
        equal(shop.buy("nano-banana-pro", words)[0], [(256, 256)], "liangxin: nano-banana-pro is 2K")
    with Shop("revidapi") as shop:
        sizes, line = shop.buy("nano-banana-pro", {**words, "resolution": "4K"}, "nano/banana")
        equal((sizes, line["charged"]), ([(512, 512)], 35), "revidapi: nano-banana-pro")


def test_formats():
    with Shop() as shop:
        for model, given, kind in (
                ("nano-banana-2", {}, "image/jpeg"), ("nano-banana-pro", {"output_format": "jpg"}, "image/jpeg"),
                ("google/nano-banana", {"output_format": "jpeg"}, "image/jpeg"),
                ("google/nano-banana", {}, (128, 128))):
            equal(shop.buy(model, {"prompt": "fox", **given})[0], [kind], f"{model}: {given}")
        equal(shop.code("nano-banana-2", {"prompt": "fox", "output_format": "jpeg"}), 422,
              "nano-banana-2 says jpg")
        equal(shop.code("google/nano-banana", {"prompt": "fox", "output_format": "jpg"}), 422,
              "nano-banana says jpeg")


def test_together():
    """Values that are good alone."""
    words = {"prompt": "fox"}
    both = {**words, "input_urls": [ELSEWHERE]}
    for model, given, code in (
            ("gpt-image-2-text-to-image", {"aspect_ratio": "1:1", "resolution": "4K"}, 422),
            ("gpt-image-2-text-to-image", {"aspect_ratio": "1:1", "resolution": "2K"}, 200),
            ("gpt-image-2-text-to-image", {"aspect_ratio": "auto", "resolution": "2K"}, 422),
            ("gpt-image-2-text-to-image", {"resolution": "2K"}, 422),
            ("gpt-image-2-text-to-image", {"resolution": "1K"}, 200),
            ("gpt-image-2-text-to-image", {"aspect_ratio": "3:1", "resolution": "2K"}, 422),
            ("gpt-image-2-image-to-image", {**both, "aspect_ratio": "3:1", "resolution": "2K"}, 200),
            ("gpt-image-2-image-to-image", {**both, "aspect_ratio": "5:4", "resolution": "2K"}, 422),
            ("gpt-image-2-5-flare-text-to-image", {"aspect_ratio": "1:1", "resolution": "4K"}, 422),
            ("wan/2-7-image", {"n": 5}, 422), ("wan/2-7-image", {"n": 5, "enable_sequential": True}, 200),
            ("wan/2-7-image", {"n": 13, "enable_sequential": True}, 422),
            ("wan/2-7-image-pro", {**both, "resolution": "4K"}, 422),
            ("wan/2-7-image-pro", {"resolution": "4K"}, 200),
            ("qwen2-1/image-to-image", {"image_urls": [ELSEWHERE], "mask_url": ELSEWHERE}, 200),
            ("qwen2-1/image-to-image", {"image_urls": [ELSEWHERE] * 2, "mask_url": ELSEWHERE}, 422),
            ("grok-imagine-image-2-0/segment-map", {"task_id": None, "image_url": ELSEWHERE}, 200),
            ("grok-imagine-image-2-0/segment-map", {}, 422),
            ("grok-imagine-image-2-0/image-edit", {"task_id": "0" * 32}, 422),
            ("google/imagen4", {"seed": "7"}, 200), ("google/imagen4", {"seed": 7}, 422),
            ("google/imagen4-fast", {"seed": "7"}, 422), ("google/imagen4-fast", {"seed": 7}, 200),
            ("topaz/image-upscale", {"image_url": ELSEWHERE, "upscale_factor": 2}, 422),
            ("grok-imagine/image-to-image", {"prompt": None, "image_urls": [ELSEWHERE]}, 200)):
        with Shop() as shop:
            equal(shop.code(model, {**words, **given}), code, f"{model}: {json.dumps(given)[:70]}")
    with Shop() as shop:
        shop.code("wan/2-7-image", {**both, "aspect_ratio": "16:9", "thinking_mode": True})
        equal(shop.journal()[-1]["ignored"], ["aspect_ratio", "thinking_mode"], "wan: what has no effect")
        shop.code("nano-banana-2", {**words, "image_urls": [ELSEWHERE]})
        line = shop.journal()[-1]
        equal((line["accepted"], line["ignored"], line["references"]), (True, ["image_urls"], []),
              "nano-banana-2: the wrong name for pictures")
        shop.api("POST", CREATE_OTHER, {"model": "z-image", "callbackUrl": "http://x",
                                        "input": {**words, "aspect_ratio": "1:1"}})
        equal(shop.journal()[-1]["ignored"], ["callbackUrl"], "a wrong name beside the input")
    for family, given, code in (
            ("gpt4o-image", {"size": "1:1"}, 422), ("gpt4o-image", {"size": "1:1", "prompt": ""}, 422),
            ("gpt4o-image", {"size": "1:1", "filesUrl": [ELSEWHERE]}, 200),
            ("gpt4o-image", {"size": "1:1", "prompt": "", "filesUrl": [ELSEWHERE]}, 200),
            ("gpt4o-image", {"prompt": "fox"}, 500), ("gpt4o-image", {"size": "16:9", "prompt": "fox"}, 422),
            ("flux-kontext", {**words, "safetyTolerance": 6}, 200),
            ("flux-kontext", {**words, "safetyTolerance": 6, "inputImage": ELSEWHERE}, 422),
            ("flux-kontext", {**words, "safetyTolerance": 2, "inputImage": ELSEWHERE}, 200)):
        with Shop() as shop:
            equal(shop.code("flux-kontext-pro", given, family), code, f"{family}: {json.dumps(given)[:70]}")
    with Shop() as shop:
        shop.code("", {**words, "size": "1:1", "filesUrl": [ELSEWHERE] * 2, "maskUrl": ELSEWHERE}, "gpt4o-image")
        equal(shop.journal()[-1]["ignored"], ["maskUrl"], "4o image: a mask for several pictures")
    with Shop("liangxin") as shop:
        for model, given, code in (
                ("nano-banana-pro-flash", {"image_input": [ELSEWHERE] * 2,
                                           "reference_images": [ELSEWHERE] * 2}, 400),
                ("nano-banana-pro-flash", {"image_input": [ELSEWHERE] * 2,
                                           "reference_images": [ELSEWHERE]}, 200),
                ("flux-2-pro", {"input_image": ELSEWHERE, "reference_images": [ELSEWHERE] * 4}, 400),
                ("flux-2-pro", {"input_image": ELSEWHERE, "reference_images": [ELSEWHERE] * 3}, 200)):
            equal(shop.code(model, {**words, **given}), code, f"liangxin {model}: {list(given)}")


def test_seed():
    with Shop() as shop:
        pictures = []
        for seed in (1, 1, 2):
            given = {"prompt": "fox", "image_size": "square", "seed": seed}
            task = shop.send("bytedance/seedream", given)["data"]["taskId"]
            pictures.append(shop.request("GET", f"/r/{task}_1.png")[2])
        ok(pictures[0] == pictures[1], "the same seed gives the same picture")
        ok(pictures[0] != pictures[2], "another one gives another")
        ok(png_size(png_make(3, 2, (1, 2, 3))) == (3, 2), "pictures made for tests are good ones")


run_tests(test_every_model, test_sizes_and_prices, test_formats, test_together, test_seed)
