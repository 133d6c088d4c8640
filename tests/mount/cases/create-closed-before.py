#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The connection is closed after the request was sent: nobody knows what became of it."""
from stories import create_unclear

create_unclear(close="before")
