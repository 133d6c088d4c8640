#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SOURCE on a file system without user attributes: headers work, pictures come, setting an
attribute says that it cannot."""
from darkroom import *

with small_disk("ramfs", "size=4m") as disk, Sandbox() as api:
    (disk / "probe").touch()
    with raises(errno.ENOTSUP, what="an attribute on ramfs"):
        set_attribute(disk / "probe", "x", "1")
    with Mount(api, source=disk) as m:
        m.order("hero", "---\naspect_ratio: 16:9\n---\nA lighthouse")
        picture_size(m / "hero.png")
        equal(api.inputs()[0]["aspect_ratio"], "16:9")
        equal(attribute(m / "hero.prompt", "task.state"), "success")
        with raises(errno.ENOTSUP):
            set_attribute(m / "hero.prompt", "aspect_ratio", "4:3")
        m.remount()
        equal(m.state("hero"), "success")
        m.order("hero", "A ship")
        equal(len(m.takes()), 1, "earlier pictures")
        equal(len(api.creates()), 2, "createTask requests")
