#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""429 as answers to looks at a task."""
from stories import status_unclear

status_unclear(code=429, msg="Your call frequency is too high. Please try again later.")
