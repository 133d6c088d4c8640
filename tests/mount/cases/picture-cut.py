#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that twice is: cut."""
from stories import picture_unclear

picture_unclear(truncate=500)
