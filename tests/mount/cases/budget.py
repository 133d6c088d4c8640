#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""budget=N: what is more than that in 24 hours is not sent, says why, and outlasts an unmount."""
from darkroom import *


def budget(m):
    lines = (m / ".darkroom/budget").read_text().splitlines()
    return dict(line.split(": ", 1) for line in lines)


def budget_is(m, **expected):
    wait_for(lambda: all(budget(m).get(key) == value for key, value in expected.items()),
             lambda: f"{expected}: {budget(m)}")


with Sandbox() as api, Mount(api, options="budget=10") as m:
    budget_is(m, size="10", used="0", reserved="0", free="10")
    with raises(errno.EPERM, errno.EACCES):
        (m / ".darkroom/budget").write_text("size: 100\n")
    m.order("hero", "A lighthouse")
    budget_is(m, size="10", used="6.5", reserved="0", free="3.5")
    contains(budget(m)["frees"], "6.5 by 2")
    text = (m / ".darkroom/budget").read_text()
    equal(os.stat(m / ".darkroom/budget").st_size, len(text))

    m.write("ship.prompt", "A ship")
    status = m.wait_line("ship", "reason", "budget")
    equal(status["state"], "queued")
    contains(status["reason"], "6.5 of 10 credits", "takes 6.5", "nothing was sent or charged",
             "when enough is free, at 2", "larger budget")
    m.tell("ship", "retry")
    contains(m.status("ship")["reason"], "budget")
    # What was spent stays spent.
    os.unlink(m / "hero.prompt")
    os.unlink(m / "hero.png")
    m.unmount()
    m.start()
    m.wait_line("ship", "reason", "6.5 of 10 credits")
    equal(api.prompts(), ["A lighthouse"])
    m.unmount()
    m.option("budget", "13")
    m.start()
    m.wait_state("ship", "success")
    budget_is(m, size="13", used="13", free="0")
    # More than the whole.
    m.write("wide.prompt", "---\nmodel: nano-banana-pro\n---\nA wide land")
    m.wait_line("wide", "reason", "the whole budget of any 24 hours is 13")
    m.unmount()
    m.option("budget", "none")
    m.start()
    m.wait_state("wide", "success")
    budget_is(m, size="none", used="31")
    equal(api.prompts(), ["A lighthouse", "A ship", "A wide land"])
