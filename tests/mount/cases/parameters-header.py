#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A header at the top of the text sets parameters and is not sent as text."""
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "---\naspect_ratio: 3:2\nquality: high\n---\nA lighthouse\n")
    sent, = api.inputs()
    equal((sent["prompt"], sent["aspect_ratio"], sent["quality"]), ("A lighthouse", "3:2", "high"))
