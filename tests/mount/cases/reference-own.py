#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A prompt that names its own picture: saved again it orders nothing, although each take replaced the
picture; regenerate goes on from the picture as it is; a retouched one is a new take."""
from darkroom import *

START = "A lighthouse"
MORE = "---\nmodel: seedream/4.5-edit\nimages: ed.png\n---\nMore light"


def ordered(take):
    m.wait_line("ed", "take", str(take))
    m.wait_state("ed", "success")
    equal(len(api.creates()), take, "createTask requests")
    return sha256(m / "ed.png")


def saved_again(take):
    """By a shell and by an editor."""
    for _ in range(2):
        m.write("ed.prompt", MORE)
    m.write(".ed.prompt.new", MORE)
    os.rename(m / ".ed.prompt.new", m / "ed.prompt")
    m.let_settle()
    equal((m.status("ed")["state"], m.status("ed")["take"]), ("success", str(take)))
    equal(len(api.creates()), take, "createTask requests")


def sent():
    return [r["sha256"] for r in api.accepted()[-1]["references"]]


with Sandbox() as api, Mount(api) as m:
    m.order("ed", START)
    first = ordered(1)
    m.write("ed.prompt", MORE)
    second = ordered(2)
    equal(sent(), [first], "the picture that take 2 was made of")
    equal(first != second, True, "another picture")
    saved_again(2)
    m.remount()
    saved_again(2)

    m.tell("ed", "regenerate")
    third = ordered(3)
    equal(sent(), [second], "the picture that take 3 was made of")
    saved_again(3)

    # Retouched, in place.
    picture(m / "ed.png", 300, 300)
    retouched = sha256(m / "ed.png")
    m.let_settle()
    equal(len(api.creates()), 3, "createTask requests")
    m.write("ed.prompt", MORE)
    ordered(4)
    equal(sent(), [retouched], "the picture that take 4 was made of")
    saved_again(4)
    equal(len(m.takes()), 3, "earlier pictures")

    # In a directory that gets another name.
    os.mkdir(m / "d")
    m.write("d/ed.prompt", START)
    wait_for(lambda: m.state("d/ed") == "success", "its first picture")
    m.write("d/ed.prompt", MORE)
    m.wait_line("d/ed", "take", "2")
    m.wait_state("d/ed", "success")
    os.rename(m / "d", m / "e")
    m.write("e/ed.prompt", MORE)
    m.let_settle()
    equal(m.status("e/ed")["take"], "2", "take")
    m.remount()
    m.write("e/ed.prompt", MORE)
    m.let_settle()
    equal(m.status("e/ed")["take"], "2", "take")
    equal(len(api.creates()), 6, "createTask requests")
