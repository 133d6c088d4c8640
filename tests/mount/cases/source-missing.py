#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""SOURCE that is missing or no directory: not mounted, a sentence that names it."""
from darkroom import *

exe, point = program("DARKROOMFS", "darkroomfs"), directory("mount")
place("file").write_text("text")
for source, words in [(private_directory() / "nowhere", "no such directory"),
                      (private_directory() / "file", "Not a directory")]:
    got = run(exe, source, point, check=False)
    equal(got.returncode, 2, got.stderr)
    contains(got.stderr, "darkroomfs: ", str(source), words)
    equal(mounted_at(point), None)
