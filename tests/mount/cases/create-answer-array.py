#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer is JSON of another kind."""
from stories import create_unclear

create_unclear(body="[[[[]]]]", content_type="application/json", accept=True)
