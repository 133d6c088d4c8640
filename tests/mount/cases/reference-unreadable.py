#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A reference picture that the prompt's owner may not read is not sent for them, whatever the
daemon may read."""
from darkroom import *

need_root()
NOBODY = 65534
with Sandbox() as api, Mount(api, "allow_other") as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    os.chmod(m.path, 0o777)
    picture(m / "secret.png", 300, 300)
    os.chmod(m / "secret.png", 0o600)
    os.mkdir(m / "closed", 0o700)
    picture(m / "closed/a.png", 300, 300)
    for name, path in (("file", "secret.png"), ("directory", "closed/a.png")):
        (m / f"{name}.prompt").touch()
        os.chown(m / f"{name}.prompt", NOBODY, NOBODY)
        m.write(f"{name}.prompt", f"---\nimages: {path}\n---\nA lighthouse")
        status = m.status(name)
        equal(status["state"], "invalid")
        contains(status["error"], "images", path, what=name)
    equal(api.journal(), [], "requests")
    os.chown(m / "secret.png", NOBODY, NOBODY)
    m.tell("file", "retry")
    m.wait_state("file", "success")
    equal(len(api.journal("upload")), 1, "uploads")
