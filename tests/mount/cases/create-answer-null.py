#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer says success and has no task."""
from stories import create_unclear

create_unclear(body='{"code":200,"msg":"success","data":null}',
               content_type="application/json", accept=True)
