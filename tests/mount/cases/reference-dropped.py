#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The service has dropped an uploaded picture before its time: the task fails once, and whatever is
ordered next uploads the picture again: regenerate, a new text, another prompt, retry."""
from darkroom import *

HEADER = "---\nimages: a.png\n---\n"


def told(word):
    return lambda m: m.tell("one", word)


def new_text(m):
    m.write("one.prompt", HEADER + "Another picture one")


def other_prompt(m):
    m.order("two", HEADER + "Picture two")


def after_mounting_again(m):
    m.remount()
    m.tell("one", "regenerate")


for then, last in ((told("regenerate"), "one"), (told("retry"), "one"), (new_text, "one"),
                   (after_mounting_again, "one"), (other_prompt, "two")):
    with Sandbox() as api, Mount(api) as m:
        set_attribute(m.path, "model", "seedream/4.5-edit")
        picture(m / "a.png", 300, 300)
        m.order("one", HEADER + "Picture one")
        # It comes back at the same address, without what was uploaded.
        api.restart()
        m.write("one.prompt", HEADER + "A new picture one")
        status = m.wait_state("one", "fail")
        contains(status["error"], "Failed to fetch the image")
        contains(status["hint"], "write retry into the status file to order it again")
        lacks(status["hint"], "would fail again")
        equal(len(api.journal("upload")), 1, "uploads before")
        then(m)
        if last == "one":
            m.wait_line("one", "take", "3")
        m.wait_state(last, "success")
        equal(len(api.journal("upload")), 2, "uploads")
        equal(len(api.creates()), 3, "createTask requests")
        arrived, = api.accepted()[-1]["references"]
        equal(arrived["sha256"], sha256(m / "a.png"), "the picture that arrived")
