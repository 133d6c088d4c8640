#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that twice is: cut-quietly."""
from stories import picture_unclear

picture_unclear(truncate_quietly=500)
