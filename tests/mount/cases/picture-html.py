#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A download that twice is: html."""
from stories import picture_unclear

picture_unclear(body="<html>sign in</html>")
