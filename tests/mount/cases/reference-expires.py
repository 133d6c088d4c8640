#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""An upload is used until the service may have dropped it, and then made again."""
import sqlite3
from darkroom import *

with Sandbox() as api, Mount(api) as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    picture(m / "a.png", 300, 300)
    for name in ("one", "two"):
        m.order(name, f"---\nimages: a.png\n---\nPicture {name}")
    equal(len(api.journal("upload")), 1, "uploads")
    m.unmount()
    with contextlib.closing(sqlite3.connect(m.hidden("tasks.db"))) as db, db:
        remembered, = db.execute("SELECT expires_ms FROM uploads")
        hours = (remembered[0] / 1000 - time.time()) / 3600
        equal(10 < hours < 24, True, f"remembered for {hours:.1f} hours; the service says 24")
        db.execute("UPDATE uploads SET expires_ms = 1000")
    m.start()
    for name in ("three", "four"):
        m.order(name, f"---\nimages: a.png\n---\nPicture {name}")
    equal(len(api.journal("upload")), 2, "uploads")
    one, two, three, four = [i["image_urls"] for i in api.inputs()]
    equal((one == two, two != three, three == four), (True, True, True))
    m.order("one", "---\nimages: a.png\n---\nPicture one, again")
