#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""What is in a reference picture is part of the request: retouched, it makes a new take when the
prompt is ordered again; the same bytes under another name do not."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    picture(m / "a.png", 300, 300)
    set_attribute(m.path, "model", "seedream/4.5-edit")
    text = "---\nimages: a.png\n---\nA lighthouse"
    m.order("hero", text)

    m.write("hero.prompt", text)
    equal((m.state("hero"), m.status("hero")["take"]), ("success", "1"))

    # A retouched picture orders nothing by itself.
    picture(m / "a.png", 300, 300, (0, 90, 200))
    m.order("other", "---\nmodel: seedream/4.5-text-to-image\n---\nA ship")
    equal(m.status("hero")["take"], "1")
    m.write("hero.prompt", text)
    wait_for(lambda: m.status("hero")["take"] == "2" and m.state("hero") == "success", "take 2")
    one, _, two = [i.get("image_urls") for i in api.inputs()]
    equal(one != two, True, "the retouched picture was uploaded")
    equal(len(api.journal("upload")), 2, "uploads")

    os.rename(m / "a.png", m / "b.png")
    m.write("hero.prompt", "---\nimages: b.png\n---\nA lighthouse")
    equal((m.state("hero"), m.status("hero")["take"]), ("success", "2"), "the same bytes")

    # Nor when they change back: that is the first take's request, but a new take of it.
    picture(m / "b.png", 300, 300)
    m.write("hero.prompt", "---\nimages: b.png\n---\nA lighthouse")
    wait_for(lambda: m.status("hero")["take"] == "3" and m.state("hero") == "success", "take 3")
    equal(api.inputs()[-1]["image_urls"], one)
    equal(len(api.journal("upload")), 2, "uploads")
