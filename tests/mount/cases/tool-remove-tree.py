#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A directory of prompts is removed by tools that do not ignore errors, its status files listed."""
import shutil

from darkroom import *

with Sandbox() as api, Mount(api, options="hold") as m:
    def tree(name):
        (m / name).mkdir()
        for number in range(300):
            (m / name / f"a{number}.prompt").write_text("A lighthouse\n")
        equal(len(os.listdir(m / name)), 600)
        return m / name

    run("rm", "-r", tree("d"))
    shutil.rmtree(tree("e"))
    run("find", tree("f"), "-delete")
    equal(os.listdir(m.path), [])

    # The name is free at once for a real file, though it was just seen as a virtual one.
    m.write("hero.prompt", "A lighthouse")
    contains((m / "hero.status").read_text(), "state: held")
    (m / "hero.prompt").unlink()
    equal((m / "hero.status").exists(), False)
    (m / "hero.status").write_text("mine\n")
    equal((m / "hero.status").read_text(), "mine\n")
    equal(api.creates(), [])
