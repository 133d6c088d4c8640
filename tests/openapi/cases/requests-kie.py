#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# timeout: 180
"""Every createTask for Seedream 4.5 follows what kie.ai publishes, whatever the parameters."""
from darkroom import *
from prism import Prism

RATIOS = ["1:1", "4:3", "3:4", "16:9", "9:16", "2:3", "3:2", "21:9"]

with Sandbox() as api, Prism(api, "kie.yaml") as judge, Mount(judge) as m:
    m.write("plain.prompt", "A lighthouse")
    m.write("quotes.prompt", 'He said "no\\yes"\tand\nü – 漢字 🦊 </script>')
    m.write("long.prompt", "é" * 3000)
    for ratio in RATIOS:
        for quality in ("basic", "high"):
            m.write(f"{ratio.replace(':', 'x')}-{quality}.prompt",
                    f"---\naspect_ratio: {ratio}\nquality: {quality}\n---\nA lighthouse\n")
    names = sorted(p.stem for p in m.source.glob("*.prompt"))
    for name in names:
        m.wait_state(name, "success")
    equal(len(api.accepted()), len(names), "orders that Prism let through")

    # The judge does judge.
    right = {"prompt": "A lighthouse", "aspect_ratio": "1:1", "quality": "basic"}
    for wrong in ({"aspect_ratio": "1:7"}, {"quality": 2}, {"prompt": "é" * 3001}, {"seed": 4}):
        status, words = judge.verdict({"model": MODEL, "input": {**right, **wrong}})
        equal(status, 422, f"Prism's status for {wrong}: {words}")
    equal(judge.verdict({"model": MODEL, "input": right})[0], 200)
