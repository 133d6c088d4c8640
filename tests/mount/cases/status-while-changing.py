#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Readers of a status file while it changes see whole versions only."""
import threading
from darkroom import *

stop, wrong, reads = threading.Event(), [], [0]
with Sandbox() as api, Mount(api) as m:
    m.write("hero.prompt", "A lighthouse")

    def reader():
        while not stop.is_set():
            text = m.status_text("hero")
            reads[0] += 1
            keys = [l.split(":")[0] for l in text.splitlines()]
            if keys[:1] != ["state"] or len(set(keys)) != len(keys) or not text.endswith("\n"):
                wrong.append(text)

    threads = [threading.Thread(target=reader) for _ in range(3)]
    for t in threads:
        t.start()
    try:
        for n in range(2, 6):
            m.wait_state("hero", "success")
            m.tell("hero", "regenerate")
            wait_for(lambda: m.status("hero")["take"] == str(n), f"take {n}")
        m.wait_state("hero", "success")
        wait_for(lambda: reads[0] > 100, "many reads")
    finally:
        stop.set()
        for t in threads:
            t.join()
    equal(wrong, [])
