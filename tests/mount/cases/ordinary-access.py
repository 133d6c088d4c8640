#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Permissions are checked as in any directory (for another user, with allow_other)."""
from darkroom import *

need_root()
need_tool("setpriv")
user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
private_directory().chmod(0o755)
with Sandbox() as api, Mount(api, "allow_other") as m:
    m.write("secret", "text")
    os.chmod(m / "secret", 0o600)
    m.write("open", "text")
    os.mkdir(m / "shared")
    os.chmod(m / "shared", 0o777)
    m.source.chmod(0o755)
    contains(run(*user, "cat", m / "secret", check=False).stderr, "Permission denied")
    equal(run(*user, "cat", m / "open").stdout, "text")
    contains(run(*user, "touch", m / "x", check=False).stderr, "Permission denied")
    run(*user, "sh", "-c", f"umask 027; echo A ship > {m.path}/shared/hero.prompt")
    made = os.stat(m / "shared/hero.prompt")
    equal((made.st_uid, made.st_gid, stat.filemode(made.st_mode)), (65534, 65534, "-rw-r-----"))
    m.wait_state("shared/hero", "success")
    picture = os.stat(m / "shared/hero.png")
    equal((picture.st_uid, picture.st_gid, stat.filemode(picture.st_mode)),
          (65534, 65534, "-rw-r-----"))
    run(*user, "cat", m / "shared/hero.status", m / "shared/hero.wait")
    run(*user, "sh", "-c", f"echo regenerate > {m.path}/shared/hero.status")
    wait_for(lambda: m.status("shared/hero")["take"] == "2", "take 2")
