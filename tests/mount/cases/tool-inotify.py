#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A watcher sees a picture arrive as MOVED_TO, and the earlier one go as MOVED_FROM."""
from darkroom import *

need_tool("inotifywait")
with Sandbox() as api, Mount(api) as m:
    out, err = place("events"), place("watcher.txt")
    with open(out, "wb") as o, open(err, "wb") as e:
        watcher = subprocess.Popen(["inotifywait", "-m", "-e", "moved_to,moved_from", "--format",
                                    "%e %f", str(m.path)], stdout=o, stderr=e)
    wait_for(lambda: "established" in err.read_text(), "inotifywait is ready")
    m.order("hero", "A lighthouse")
    wait_for(lambda: out.read_text() == "MOVED_TO hero.png\n", lambda: out.read_text())
    m.order("hero", "A ship")
    wait_for(lambda: sorted(out.read_text().splitlines())
             == ["MOVED_FROM hero.png", "MOVED_TO hero.png", "MOVED_TO hero.png"],
             lambda: out.read_text())
    watcher.terminate()
    watcher.wait(DEADLINE)
