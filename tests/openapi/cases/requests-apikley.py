#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# timeout: 180
"""Every createTask for Seedream 4.0 follows what Apikley publishes: the common words arrive in its
own."""
from darkroom import *
from prism import Prism

MODEL = "bytedance/seedream-v4-text-to-image"
OWN = {"image_size": "portrait_3_2", "image_resolution": "2K", "max_images": "2", "seed": "7"}

with (Sandbox(dialect="apikley") as api, Prism(api, "apikley.yaml") as judge,
      Mount(judge, f"model={MODEL}", provider="apikley") as m):
    m.write("plain.prompt", "A lighthouse")
    m.write("long.prompt", "é" * 5000)
    m.write("common.prompt", "---\naspect_ratio: 16:9\nquality: high\n---\nA wide lighthouse\n")
    m.write("own.prompt", "---\n" + "".join(f"{k}: {v}\n" for k, v in OWN.items())
            + "---\nTwo lighthouses\n")
    for name in ("plain", "long", "common", "own"):
        m.wait_state(name, "success")
    sent = {r["body"]["input"]["prompt"]: r["body"]["input"] for r in api.accepted()}
    equal(len(sent), 4, "texts that Prism let through")
    equal(sent["Two lighthouses"], {"prompt": "Two lighthouses", "image_size": "portrait_3_2",
                                    "image_resolution": "2K", "max_images": 2, "seed": 7})

    equal(sent["A wide lighthouse"], {"prompt": "A wide lighthouse", "image_resolution": "4K",
                                      "image_size": "landscape_16_9"})

    # The judge does judge.
    for wrong in ({"image_size": "16:9"}, {"max_images": 7}, {"seed": "7"}, {"nsfw_checker": True}):
        status, words = judge.verdict({"model": MODEL, "input": {"prompt": "A ship", **wrong}})
        equal(status, 422, f"Prism's status for {wrong}: {words}")
