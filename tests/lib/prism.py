# SPDX-License-Identifier: MIT
"""A judge that is not ours: Prism, between the daemon and the simulator, checks every request against
an OpenAPI description and refuses what does not follow it."""

import json
import os
import re
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from darkroom import DEADLINE, KEY, fail, place, skip, tail, wait_for

DESCRIPTIONS = Path(__file__).resolve().parent.parent / "openapi"


class Prism:
    """`prism proxy` on a free port in front of a simulator.  PRISM names the program."""

    def __init__(self, api, description):
        program = os.environ.get("PRISM")
        if not program:
            if os.environ.get("CI") == "true":
                fail("Prism is not there: tests/openapi/install-prism.sh says why")
            skip("needs Prism: tests/openapi/install-prism.sh")
        self.log_path = place("prism.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(
                [program, "proxy", str(DESCRIPTIONS / description), api.url, "--errors",
                 "--host", "127.0.0.1", "--port", "0"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def __enter__(self):
        pattern = re.compile(r"listening on (http://127\.0\.0\.1:\d+)")
        match = wait_for(lambda: pattern.search(self.log_path.read_text(errors="replace")),
                         lambda: f"Prism listens: {tail(self.log_path)}", 3 * DEADLINE)
        self.url = match[1]
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(DEADLINE)

    def verdict(self, body):
        """The HTTP status for a createTask with this body, and Prism's words."""
        request = urllib.request.Request(
            f"{self.url}/api/v1/jobs/createTask", json.dumps(body).encode(),
            {"Authorization": f"Bearer {KEY}", "Content-Type": "application/json"})
        try:
            with urllib.request.urlopen(request, timeout=DEADLINE) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as e:
            return e.code, e.read().decode()
