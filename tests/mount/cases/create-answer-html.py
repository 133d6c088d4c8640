#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer is a web page."""
from stories import create_unclear

create_unclear(body="<html><body>502 Bad Gateway</body></html>", accept=True)
