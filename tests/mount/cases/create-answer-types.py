#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""createTask's answer has members of wrong types."""
from stories import create_unclear

create_unclear(body='{"code":"yes","msg":7,"data":{"taskId":{"a":1}}}',
               content_type="application/json", accept=True)
