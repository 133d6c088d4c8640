#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Results that point at files, at addresses that are not the world's, or that carry a password are
not followed, nor are redirects to such; nor do absurd names do harm.  The prompt says so."""
# timeout: 120
from darkroom import *

place("secret").write_text("secret")
# 0.0.0.0 is not among them: it is this machine, where the sandbox is too.
ODD = {
    "file": f"file://{private_directory()}/secret",
    "gopher": "gopher://127.0.0.1:1/x",
    "nonsense": "not a link at all",
    "script": "javascript:alert(1)",
    "data": "data:image/png;base64,AAAA",
    "metadata": "http://169.254.169.254/latest/meta-data/",
    "link-local": "https://169.254.169.254/latest/meta-data/",
    "password": "https://user:password@example.com/a.png",
    "private": "https://10.0.0.1/a.png",
    "plain": "http://example.com/a.png",
    "six": "https://[fe80::1]/a.png",
    "mapped": "https://[::ffff:169.254.169.254]/a.png",
    "decimal": "https://2852039166/a.png",
    "long": "https://example.com/" + "x" * 5000 + ".png",
}
REDIRECTS = {f"to-{name}": ODD[name] for name in ("file", "metadata", "link-local", "password",
                                                  "private", "plain")}
with contextlib.ExitStack() as stack:
    host = stack.enter_context(Redirects(REDIRECTS))
    addresses = ODD | {name: f"{host.url}/{name}" for name in REDIRECTS}
    tasks = [{"text": f"odd {name}.", "url": to} for name, to in addresses.items()]
    api = stack.enter_context(Sandbox({"tasks": tasks}))
    m = stack.enter_context(Mount(api))
    for name in addresses:
        m.write(f"{name}.prompt", f"Picture odd {name}.")
    for name in addresses:
        status = m.wait_state(name, "fail", timeout=60)
        equal(bool(status["error"]) and bool(status["hint"]), True, f"{name}: {status}")
        lacks(status["error"], "user:password", what=name)
        equal(len(status["error"]) < 1000, True, f"{name}: the error's length")
        if "charged" in status:
            equal(status["charged"] != "no", True, f"{name}: {status}")
            contains(status["hint"], "retry", "costs nothing", what=name)
    equal(m.pictures(), [])
    equal(os.listdir(m.hidden("incoming")), [], "left in incoming")
    equal(len(api.creates()), len(addresses), "createTask requests")

# A long name of the service's own is followed, also by a redirect, and names nothing here.
long = "y" * 3000
with (Redirects({"to-long": f"http://127.0.0.1:1/{'x' * 5000}.png"}) as host,
      Sandbox({"tasks": [{"text": "lighthouse", "url": f"http://127.0.0.1:1/{long}.png"},
                         {"text": "fox", "url": f"{host.url}/to-long"}]}) as api, Mount(api) as m):
    for name, text in ("hero", "A lighthouse"), ("fox", "A fox"):
        m.write(f"{name}.prompt", text)
        m.wait_line(name, "reason", "did not arrive")
        equal(m.state(name), "downloading", name)
    equal(m.pictures(), [])
