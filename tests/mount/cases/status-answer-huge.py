#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers of 100 MB to looks at a task."""
from stories import status_unclear

status_unclear(body_bytes=100 << 20)
