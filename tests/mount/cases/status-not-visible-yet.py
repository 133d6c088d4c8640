#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task that the provider does not know yet right after it was made is no failure."""
from darkroom import *

with Sandbox({"strict_id_visibility_ms": 1500}) as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    codes = [r["code"] for r in api.journal("status")]
    equal(422 in codes, True, f"codes {codes}")
    equal(len(api.creates()), 1, "createTask requests")
