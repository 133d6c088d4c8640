#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A task database that is damaged, or made by a newer version: not mounted, with a sentence, and
the database is left as it is."""
import sqlite3
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    m.order("hero", "A lighthouse")
    m.unmount()
    path = m.hidden("tasks.db")
    for name in ("tasks.db-wal", "tasks.db-shm"):
        m.hidden(name).unlink(missing_ok=True)
    good = path.read_bytes()
    for data, words in ((b"this is no database at all" * 1000, ["tasks.db"]),
                        (good[:60] + b"\x7f\xff\xff\xff" + good[64:], ["newer"])):
        path.write_bytes(data)
        try:
            m.start()
            fail("it was mounted")
        except MountFailed as e:
            equal(e.status, 2, e.log)
            contains(e.log, *words)
        equal(path.read_bytes(), data, "the database")
    path.write_bytes(good)
    m.start()
    equal(m.state("hero"), "success")
