#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Web pages as answers to looks at a task."""
from stories import status_unclear

status_unclear(body="<html><body>502 Bad Gateway</body></html>")
