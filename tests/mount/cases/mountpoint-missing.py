#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A mount point that is missing or no directory: not mounted, a sentence that names it."""
from darkroom import *

exe, source = program("DARKROOMFS", "darkroomfs"), directory("source")
place("file").write_text("text")
for point in (private_directory() / "nowhere", private_directory() / "file"):
    got = run(exe, source, point, check=False)
    equal(got.returncode in (2, 32), True, f"status {got.returncode}: {got.stderr}")
    contains(got.stderr, "darkroomfs: ", str(point))
    equal(len([l for l in got.stderr.splitlines() if l]) <= 2, True, f"one sentence: {got.stderr}")
