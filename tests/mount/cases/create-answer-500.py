#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer is HTTP 500 with a web page."""
from stories import create_unclear

create_unclear(http=500, body="<h1>Internal Server Error</h1>", accept=True)
