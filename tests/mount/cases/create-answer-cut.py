#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer breaks off, and its length says so."""
from stories import create_unclear

create_unclear(truncate=30)
