#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""flock(2) and fcntl(2) locks work between processes on the mount."""
import fcntl
from darkroom import *

def taken(path, kind):
    """Whether another process can take the lock."""
    code = ("import fcntl,sys\nf=open(sys.argv[1],'r+')\n"
            "try: fcntl.%s(f,fcntl.LOCK_EX|fcntl.LOCK_NB)\n"
            "except OSError as e: sys.exit(9)\n" % kind)
    return run(sys.executable, "-c", code, path, check=False).returncode

with Sandbox() as api, Mount(api) as m:
    m.write("file", "text")
    for kind in ("flock", "lockf"):
        with open(m / "file", "r+") as f:
            getattr(fcntl, kind)(f, fcntl.LOCK_EX)
            equal(taken(m / "file", kind), 9, f"{kind} while held")
            getattr(fcntl, kind)(f, fcntl.LOCK_UN)
            equal(taken(m / "file", kind), 0, f"{kind} when free")
