#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A definition of the user's own is a provider like the built-in ones, with a key of its own."""
from darkroom import *

with Sandbox() as api, Mount(api, start=False) as m:
    folder = m.config / "darkroom/providers"
    defs = Path(__file__).resolve().parents[3] / "src/provider/defs"
    built_in = json.loads((defs / "kie.json").read_text())
    built_in.update(name="gateway", title="our gateway", pace={**built_in["pace"], **PACE})
    built_in["key"] = {"env": "GATEWAY_KEY"}
    (folder / "gateway.json").write_text(json.dumps(built_in))
    m.options = m.options.replace("provider=kie", "provider=gateway")
    m.start()
    status = m.order("hero", "A lighthouse")
    equal(status["provider"], "gateway")
    equal(api.creates()[0]["authorized"], True)
