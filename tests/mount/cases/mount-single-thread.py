#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With -s one request is served at a time; a reader of NAME.wait stops nobody."""
from darkroom import *

with Sandbox() as api, Mount(api, "hold", flags=["-s"]) as m:
    m.write("hero.prompt", "A lighthouse")
    reader = subprocess.Popen(["cat", str(m / "hero.wait")], stdout=subprocess.PIPE, text=True)
    wait_for(lambda: "hero.wait" in holders(m.path), "cat has it open")
    with deadline(DEADLINE, "another file"):
        m.write("note.txt", "text")
        m.tell("hero", "release")
    equal(reader.communicate(timeout=DEADLINE)[0], "hero.png\n")
