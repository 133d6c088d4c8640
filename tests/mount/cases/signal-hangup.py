#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SIGHUP: another key file takes effect at once, before the present key is refused; without one
orders wait.  The mount goes on."""
from darkroom import *


def hang_up(expected):
    before = m.log().count(expected)
    m.process.send_signal(signal.SIGHUP)
    wait_for(lambda: m.log().count(expected) > before, lambda: f"{expected!r} in: {m.log()}")


with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    hang_up("kie.ai: the key is the same as before")

    api.stop()
    api.key = "sk-darkroom-second"
    api.start()
    m.key_path.write_text(f"{api.key}\n")
    hang_up("kie.ai: there is another key")
    m.order("ship", "A ship")
    equal([r["authorized"] for r in api.creates()], [True, True], "authorized")

    m.key_path.unlink()
    hang_up("kie.ai: there is no key any more")
    m.write("boat.prompt", "A boat")
    status = m.wait_line("boat", "reason", "does not exist")
    equal(status["state"], "queued")
    equal(len(api.creates()), 2, "createTask requests")
    m.key_path.touch(0o600)
    m.key_path.write_text(f"{api.key}\n")
    m.process.send_signal(signal.SIGHUP)
    m.wait_state("boat", "success")
    equal([r["authorized"] for r in api.creates()], [True, True, True], "authorized")
    lacks(m.log(), api.key, KEY, what="log")
    equal(m.process.poll(), None, "the daemon's status")
