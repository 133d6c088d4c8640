#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that twice is: closed."""
from stories import picture_unclear

picture_unclear(close="before")
