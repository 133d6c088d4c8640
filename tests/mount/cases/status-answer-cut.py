#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers to looks at a task that break off."""
from stories import status_unclear

status_unclear(truncate=60)
