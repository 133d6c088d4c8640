#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""While a reference picture is uploaded the status says how far it is; two prompts that need it wait
for one upload; unmounted in the middle of it, it begins anew, and nothing is bought twice."""
from darkroom import *

gate = Gate()
with Sandbox({"faults": [gate.holds_answer("upload")]}) as api, Mount(api) as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    os.mkdir(m / "refs")
    picture_of_bytes(m / "refs/a.png", 8_000_000)
    for name in ("one", "two"):
        m.write(f"{name}.prompt", f"---\nimages: refs/a.png\n---\nPicture {name}")
    for name in ("one", "two"):
        status = m.wait_line(name, "reason", "uploading refs/a.png")
        equal(status["state"], "queued")
        equal(bool(re.search(r"refs/a\.png: \d+\.\d of \d\.\d MB", status["reason"])), True,
              status["reason"])
    m.write("ship.prompt", "---\nmodel: seedream/4.5-text-to-image\n---\nA ship")
    m.wait_state("ship", "success")
    m.remount()
    m.wait_line("one", "reason", "uploading refs/a.png")
    gate.open()
    for name in ("one", "two"):
        m.wait_state(name, "success")
    one, two = [i["image_urls"] for i in api.inputs() if "image_urls" in i]
    equal(one, two)
    done = [r for r in api.journal("upload") if r["http"] == 200 and r["code"] == 200]
    equal(len(api.creates()), 3, "createTask requests")
    print(f"# {len(done)} uploads in the journal")
