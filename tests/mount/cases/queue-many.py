#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""With very many tasks .darkroom/queue has each once, also while more are ordered."""
# timeout: 180
from concurrent.futures import ThreadPoolExecutor
from darkroom import *

COUNT = 1500


def paths(text):
    return [line.split()[2] for line in text.splitlines()]


# Without a key nothing is sent.
with Mount(key=None) as m:
    queue = m / ".darkroom/queue"
    os.mkdir(m / "d")
    names = [f"d/{n:04}.prompt" for n in range(COUNT)]
    written = set()

    def write(name):
        m.write(name, f"Picture {name}")
        written.add(name)

    with ThreadPoolExecutor(8) as pool:
        writes = [pool.submit(write, name) for name in names]
        while not all(w.done() for w in writes):
            before = set(written)
            seen = paths(queue.read_text())
            equal(len(seen), len(set(seen)), "lines, each of another prompt")
            equal(before - set(seen), set(), "ordered but not in the queue")
        for w in writes:
            w.result()
    text = queue.read_text()
    equal(sorted(paths(text)), names)
    equal({line.split()[0] for line in text.splitlines()}, {"queued"})
    equal(queue.stat().st_size, len(text))
    m.remount()
    equal(sorted(paths(queue.read_text())), names, "mounted again")
