#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers without a record."""
from stories import status_unclear

status_unclear(body='{"code":200,"msg":"success","data":null}', content_type="application/json")
