#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer has 100 MB."""
from stories import create_unclear

create_unclear(body_bytes=100 << 20, accept=True)
