#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Empty answers to looks at a task."""
from stories import status_unclear

status_unclear(body="")
