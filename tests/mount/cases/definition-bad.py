#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider definition of the user's that is wrong: status 1, with file and place."""
from darkroom import *

with Sandbox() as api:
    m = Mount(api, start=False)
    path = m.config / "darkroom/providers/kie.json"
    for text, words in (('{"pace": {"create": {"count": "many"}}}',
                         ["pace.create", "count", "number"]),
                        ('{"pace": ', ["kie.json"]),
                        ('{"flavour": 1}', ["flavour"]),
                        ('[]', ["kie.json"])):
        path.write_text(text)
        got = run(*m.command("-f"), env=m.environment, check=False)
        equal(got.returncode, 1, f"{text}: {got.stderr}")
        contains(got.stderr, str(path), *words, what=text)
        equal(mounted_at(m.path), None)
