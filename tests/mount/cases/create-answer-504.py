#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer is HTTP 504 and empty."""
from stories import create_unclear

create_unclear(http=504, body="", accept=True)
