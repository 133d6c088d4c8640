#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Code 500 in the envelope of answers to looks at a task."""
from stories import status_unclear

status_unclear(code=500, msg="Internal Server Error")
