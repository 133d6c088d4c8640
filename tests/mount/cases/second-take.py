#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Another text makes a new take; the earlier picture moves to takes/, whole."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    first = m.order("hero", "A lighthouse")
    picture = (m / "hero.png").read_bytes()
    second = m.order("hero", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
    equal((first["take"], second["take"]), ("1", "2"))
    equal(first["uuid"] != second["uuid"], True, "a take of its own")
    equal(m.pictures(), ["hero.png"])
    equal((m / "hero.png").read_bytes() != picture, True, "a new picture")
    kept, = m.takes()
    equal(bool(re.fullmatch(r"[0-9a-f-]{36}/1/hero\.png", kept)), True, kept)
    equal((m / ".darkroom/takes" / kept).read_bytes() == picture, True, "the earlier picture")
