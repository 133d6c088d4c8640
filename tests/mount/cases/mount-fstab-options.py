#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Words that belong in fstab are ignored."""
from darkroom import *

words = "x-systemd.automount,x-gvfs-hide,_netdev,nofail,user,noauto,rw,nosuid,nodev"
with Sandbox() as api, Mount(api, words) as m:
    m.order("hero", "A lighthouse")
