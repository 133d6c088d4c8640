#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""HTTP 500 as answers to looks at a task."""
from stories import status_unclear

status_unclear(http=500, body="oops")
