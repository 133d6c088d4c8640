#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A state that nobody knows."""
from stories import status_unclear

status_unclear(body='{"code":200,"data":{"state":"pondering"}}', content_type="application/json")
