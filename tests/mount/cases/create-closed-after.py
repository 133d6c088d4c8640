#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The connection is closed after the task was accepted, without an answer."""
from stories import create_unclear

create_unclear(close="after")
