#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task may go straight to its end."""
from darkroom import *

scenario = {"waiting_ms": 0, "queuing_ms": 0, "generating_ms": 0}
with Sandbox(scenario) as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    equal(len(api.creates()), 1, "createTask requests")
