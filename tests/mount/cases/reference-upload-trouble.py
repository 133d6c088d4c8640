#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Uploads that go wrong cost nothing and are repeated; one that is refused fails the take; one whose
answer is too late or has no address is made again."""
# timeout: 120
from darkroom import *

bodies = {
    "no address": {"body": '{"success":true,"code":200,"msg":"ok","data":{"fileName":"x"}}',
                   "content_type": "application/json"},
    "a file address": {"body": '{"success":true,"code":200,"data":'
                               '{"downloadUrl":"file:///etc/passwd"}}',
                       "content_type": "application/json"},
    "a page": {"http": 502, "body": "<html>502 Bad Gateway</html>"},
    "closed": {"close": "after"},
}
for what, fault in bodies.items():
    print(f"# {what}", flush=True)
    with (Sandbox({"faults": [{"on": "upload", "to": 1, **fault}]}) as api, Mount(api) as m):
        set_attribute(m.path, "model", "seedream/4.5-edit")
        picture(m / "a.png", 300, 300)
        m.order("hero", "---\nimages: a.png\n---\nA lighthouse", timeout=40)
        equal(len(api.journal("upload")) >= 2, True, f"{what}: uploads")
        equal(len(api.creates()), 1, f"{what}: createTask requests")
        sent, = api.inputs()[0]["image_urls"]
        equal(sent.startswith(f"{api.url}/"), True, f"{what}: {sent}")

refused = [{"on": "upload", "text": "", "to": 1, "http": 400, "code": 400,
            "msg": "Missing required parameter: uploadPath"}]
with Sandbox({"faults": refused}) as api, Mount(api) as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    picture(m / "a.png", 300, 300)
    m.write("hero.prompt", "---\nimages: a.png\n---\nA lighthouse")
    status = m.wait_state("hero", "fail")
    contains(status["error"], "uploadPath")
    equal(status["charged"], "no")
    equal(api.creates(), [], "createTask requests")
    m.tell("hero", "retry")
    m.wait_state("hero", "success")
    equal(len(api.creates()), 1, "createTask requests")

with Sandbox() as api, Mount(api, key="sk-wrong") as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    picture(m / "a.png", 300, 300)
    m.write("hero.prompt", "---\nimages: a.png\n---\nA lighthouse")
    equal(m.wait_line("hero", "reason", "key")["state"], "queued")
    equal(api.creates(), [], "createTask requests")
    m.key_path.write_text(KEY)
    m.wait_state("hero", "success")
