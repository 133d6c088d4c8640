#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The connection is closed when a task is looked at."""
from stories import status_unclear

status_unclear(close="before")
