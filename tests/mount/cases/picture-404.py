#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that twice is: 404."""
from stories import picture_unclear

picture_unclear(http=404, body="not found")
