#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer is empty."""
from stories import create_unclear

create_unclear(body="", accept=True)
