#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reference pictures are files: paths relative to the prompt, several, addresses among them; each
file is uploaded once, whoever needs it, also after mounting again."""
from darkroom import *

EDIT = "seedream/4.5-edit"
FAR = "https://example.com/far.jpg"


def images(api):
    return api.inputs()[-1]["image_urls"]


with Sandbox() as api, Mount(api) as m:
    os.makedirs(m / "site/refs")
    picture(m / "site/refs/a.png", 300, 300)
    picture(m / "site/b c.png", 310, 300)
    picture(m / "top.jpg", format="jpeg")
    set_attribute(m / "site", "model", EDIT)
    m.write("site/all.prompt",
            f"---\nimages: refs/a.png, b c.png ,./refs/../refs/a.png, {FAR} ,../top.jpg\n---\nAll")
    status = m.wait_state("site/all", "success")
    equal(status["image_urls"],
          f"site/refs/a.png, site/b c.png, site/refs/a.png, {FAR}, top.jpg", "paths in SOURCE")
    got = images(api)
    equal((len(got), got[3], got[0] == got[2]), (5, FAR, True), f"{got}")
    uploads = api.journal("upload")
    equal(len(uploads), 3, "uploads")
    equal([r["authorized"] for r in uploads], [True] * 3)
    equal([r.get("sha256") for r in api.accepted()[-1]["references"]],
          [sha256(m / "site/refs/a.png"), sha256(m / "site/b c.png"),
           sha256(m / "site/refs/a.png"), None, sha256(m / "top.jpg")])

    # The picture that comes shows them: it is not what comes of the text alone.
    m.write("site/alone.prompt", "---\nimages: https://example.com/other.jpg\n---\nAll")
    m.wait_state("site/alone", "success")
    equal((m / "site/all.png").read_bytes() != (m / "site/alone.png").read_bytes(), True,
          "the pictures given are in the picture")

    # Another prompt, from another directory; the attribute as well as the header.
    (m / "other.prompt").touch()
    set_attribute(m / "other.prompt", "model", EDIT)
    set_attribute(m / "other.prompt", "images", "site/refs/a.png,top.jpg")
    m.order("other", "Other")
    equal(images(api), [got[0], got[4]])
    equal(len(api.journal("upload")), 3, "uploads")

    m.remount()
    m.write("site/again.prompt", "---\nimages: refs/a.png\n---\nAgain")
    m.wait_state("site/again", "success")
    equal(images(api), [got[0]])
    equal(len(api.journal("upload")), 3, "uploads")
    equal(api.ignored(), [])
