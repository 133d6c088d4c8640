#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A service that publishes no address is not mounted without base_url, and says so; with it in the
user's own definition it is."""
from darkroom import *

with Sandbox(dialect="liangxin") as api:
    m = Mount(provider="liangxin", start=False)
    got = run(*m.command(), env=m.environment, check=False)
    equal(got.returncode, 1, got.stderr)
    contains(got.stderr, "liangxin publishes no address", "-o base_url=URL",
             f"base_url in {m.config}/darkroom/providers/liangxin.json")
    equal(mounted_at(m.path), None)
    m.define("liangxin", {"pace": PACE, "base_url": api.url})
    m.start()
    m.order("hero", "A lighthouse")
    equal(api.models(), ["seedream-v4-5"])
    m.unmount()

    # As a service of single prompts it is known to have no address, and the others go on.
    with Sandbox() as other, Mount(other) as m:
        m.define("liangxin", {"pace": PACE})
        m.remount()
        m.write("hero.prompt", "---\nprovider: liangxin\n---\nA lighthouse")
        status = m.wait_line("hero", "reason", "base_url")
        contains(status["reason"], "LiangXin", "address")
        m.order("ship", "A ship")
        equal(other.prompts(), ["A ship"])
