#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The key may come from the provider's environment variable, or from $CREDENTIALS_DIRECTORY."""
from darkroom import *

with Sandbox() as api:
    with Mount(api, key=None, environment={"KIE_API_KEY": KEY}) as m:
        m.order("hero", "A lighthouse")
    place_ = directory("credentials")
    (place_ / "darkroom-kie-key").write_text(KEY)
    (place_ / "darkroom-kie-key").chmod(0o600)
    with Mount(api, key=None, environment={"CREDENTIALS_DIRECTORY": str(place_)}) as m:
        m.order("hero", "A ship")
    equal([r["authorized"] for r in api.creates()], [True, True])
