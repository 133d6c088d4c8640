#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A draft stays one, with its parameters, when its file is moved away or removed and written anew."""
from darkroom import *

with Sandbox() as api, Mount(api, settle=60) as m:
    def draft(name):
        m.write(f"{name}.prompt", "A lighthouse")
        run("setfattr", "-n", "user.darkroom.hold", "-v", "1", m / f"{name}.prompt")
        run("setfattr", "-n", "user.darkroom.quality", "-v", "high", m / f"{name}.prompt")
        return m / f"{name}.prompt"

    def still_a_draft(name):
        equal(m.status(name)["state"], "held")
        equal(m.status(name)["quality"], "high")

    run("sed", "-i.bak", "s/house/ship/", draft("sed"))
    still_a_draft("sed")
    path = draft("moved")
    os.rename(path, str(path) + "~")
    path.write_text("A lightship\n")
    still_a_draft("moved")
    path = draft("removed")
    path.unlink()
    path.write_text("A lightship\n")
    still_a_draft("removed")
    equal(api.creates(), [])
