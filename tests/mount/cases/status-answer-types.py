#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers with members of wrong types."""
from stories import status_unclear

status_unclear(body='{"code":200,"data":{"state":5,"resultJson":true,"failCode":[]}}',
               content_type="application/json")
