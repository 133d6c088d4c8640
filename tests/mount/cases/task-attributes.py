#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""user.darkroom.task.* tell of a prompt's task, cannot be set, and are not listed."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    path = m / "hero.prompt"
    status = m.order("hero", "A lighthouse")
    equal(attribute(path, "task.state"), "success")
    equal(attribute(path, "task.id"), status["task"])
    equal(attribute(path, "task.uuid"), status["uuid"])
    equal(attribute(path, "task.created"), status["created"])
    equal(attribute(path, "task.completed"), status["completed"])
    equal(float(attribute(path, "task.credits")), PRICE)
    equal(attribute(path, "task.error"), None)
    for name in ("state", "id", "uuid", "error", "credits", "created", "completed"):
        with raises(errno.EPERM, what=f"setting task.{name}"):
            set_attribute(path, f"task.{name}", "1")
        with raises(errno.EPERM, errno.ENODATA, what=f"removing task.{name}"):
            os.removexattr(path, f"user.darkroom.task.{name}")
    equal([n for n in os.listxattr(path) if ".task." in n], [], "listed")
