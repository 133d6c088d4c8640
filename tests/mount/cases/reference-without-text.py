#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An upscale and a background removal need no text: the attribute with the picture orders an empty
prompt.  A picture that a directory gives orders nothing by itself."""
from darkroom import *

MODELS = {"up": "recraft/crisp-upscale", "cut": "recraft/remove-background",
          "topaz": "topaz/image-upscale"}
FIELDS = {"up": "image", "cut": "image", "topaz": "image_url"}
with Sandbox() as api, Mount(api) as m:
    picture(m / "photo.png", 300, 300)
    for name, model in MODELS.items():
        (m / f"{name}.prompt").touch()
        equal(m.state(name), "invalid")
        equal(m.status(name)["error"], "the prompt is empty")
        set_attribute(m / f"{name}.prompt", "model", model)
        equal(m.state(name), "invalid")
        contains(m.status(name)["error"], f"{model} takes no text", "of the prompt itself")
        equal(m.status(name).get("hint"), None)
        set_attribute(m / f"{name}.prompt", "images", "photo.png")
        m.wait_state(name, "success")
        picture_size(m / f"{name}.png")
    equal(api.models(), list(MODELS.values()))
    for name, sent in zip(MODELS, api.inputs()):
        equal(sorted(sent), sorted([FIELDS[name], *(["upscale_factor"] * (name == "topaz"))]))
    equal(len(api.journal("upload")), 1, "uploads")
    equal((picture_size(m / "up.png")[1] > 300, picture_size(m / "cut.png")[1:]),
          (True, (300, 300)), "the pictures' sizes")

    # By a header alone, and a text is not sent to a model that takes none.
    m.order("header", "---\nmodel: recraft/crisp-upscale\nimages: photo.png\n---\n")
    m.write("text.prompt", "---\nmodel: recraft/crisp-upscale\nimages: photo.png\n---\nSharper")
    m.wait_state("text", "success")
    equal(sorted(api.inputs()[-1]), ["image"])

    before = len(api.creates())
    os.mkdir(m / "d")
    set_attribute(m / "d", "model", "recraft/crisp-upscale")
    set_attribute(m / "d", "images", "../photo.png")
    (m / "d/touched.prompt").touch()
    m.write("d/saved.prompt", "")
    m.order("other", "A ship")
    equal((m.state("d/touched"), m.state("d/saved")), ("invalid", "invalid"))
    for name in ("d/touched", "d/saved"):
        contains(m.status(name)["error"], 'name the picture in "images" of the prompt itself')
    # The same of one that was ordered before.
    m.write("header.prompt", "---\nmodel: recraft/crisp-upscale\n---\n")
    equal(m.state("header"), "invalid")
    contains(m.status("header")["error"], 'name the picture in "images" of the prompt itself')
    equal(len(api.creates()), before + 1, "createTask requests")
