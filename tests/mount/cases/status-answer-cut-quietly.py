#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Answers that break off and whose length does not say so."""
from stories import status_unclear

status_unclear(truncate_quietly=60)
