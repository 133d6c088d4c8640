#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A parameter that only other models have is not sent, and the status says so."""
from darkroom import *

other = {"models": {"test/other": {"text": {"name": "prompt", "max_chars": 100}, "parameters": {
    "max_images": {"type": "integer", "min": 1, "max": 6, "default": 1}}}}}
with Sandbox() as api, Mount(api, definition=other) as m:
    m.write("hero.prompt", "---\nmax_images: 2\n---\nA lighthouse")
    status = m.wait_state("hero", "success")
    contains(status["ignored"], "max_images", "no such parameter")
    equal("max_images" in api.inputs()[0], False, "max_images was sent")
