#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""-h explains itself on standard output, -V says its version; both status 0."""
from darkroom import *

exe = program("DARKROOMFS", "darkroomfs")
got = run(exe, "-h")
contains(got.stdout, "SOURCE", "MOUNTPOINT", "provider=", "key_file=", "settle=")
equal(got.stderr, "")
got = run(exe, "-V")
equal(bool(re.search(r"darkroomfs.* \d+\.\d+\.\d+", got.stdout)), True, got.stdout)
