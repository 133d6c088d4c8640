#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The hidden directory is lost: pictures stay, and nothing is bought again by mounting."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.unmount()
    shutil.rmtree(m.hidden())
    m.start()
    equal(m.state("hero"), "held")
    equal(m.pictures(), ["hero.png"])
    m.order("other", "A ship")
    equal(api.prompts(), ["A lighthouse", "A ship"])
