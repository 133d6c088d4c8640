#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A picture is the provider's bytes, unchanged, and fetched without the key."""
from urllib.request import urlopen
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse at dawn")
    fetched, = api.journal("download")
    equal(fetched["has_key"], False, "the key was sent to the download")
    equal(bool(fetched["user_agent"]), True, "a User-Agent was sent")
    with urlopen(api.url + fetched["path"]) as answer:
        equal((m / "hero.png").read_bytes() == answer.read(), True, "same bytes")
