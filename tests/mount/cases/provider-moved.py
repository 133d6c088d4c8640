#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A tree of prompts is moved from one service to another by an attribute of its top directory: later
orders are made there, in its own words; what its model lacks is listed; nothing is bought twice."""
# timeout: 180
from darkroom import *
from services import *

with contextlib.ExitStack() as stack:
    apis = {name: stack.enter_context(Sandbox(dialect=name)) for name in SERVICES}
    m = stack.enter_context(Mount(services=apis, key=None))

    def orders():
        return {name: len(api.creates()) for name, api in apis.items()}

    names = ["hero", "d/ship"]
    os.mkdir(m / "d")
    set_attribute(m.path, "aspect_ratio", "16:9")
    set_attribute(m / "d", "quality", "high")
    for name in names:
        m.order(name, f"Picture {name}")
    equal(orders(), {"kie": 2, "revidapi": 0, "liangxin": 0, "apikley": 0})

    for take, name in enumerate([*SERVICES[1:], "kie"], 2):
        before = orders()
        set_attribute(m.path, "provider", name)
        # The change orders nothing by itself, whatever its prompts say.
        m.order(f"new-{name}", f"A new one at {name}")
        equal(orders(), {**before, name: before[name] + 1}, f"orders after the move to {name}")
        equal([m.status(p)["take"] for p in names], [str(take - 1)] * 2)
        # Saved again they are other requests than before.
        for prompt in names:
            m.write(f"{prompt}.prompt", f"Picture {prompt}")
        for prompt in names:
            status = wait_for(lambda: m.status(prompt).get("take") == str(take)
                              and m.state(prompt) == "success" and m.status(prompt),
                              lambda: f"take {take} at {name}: {m.status_text(prompt)}")
            equal((status["provider"], status["model"]), (name, TABLE[name].model))
            ignored = status.get("ignored")
            if TABLE[name].ignored and prompt == "d/ship":
                contains(ignored, TABLE[name].ignored, "no such parameter")
            else:
                equal(ignored, None, f"{prompt} at {name}")
        equal(orders(), {**before, name: before[name] + 3}, f"orders at {name}")
        got = {i["prompt"]: i for i in apis[name].inputs()}["Picture d/ship"]
        equal({k: got.get(k) for k in TABLE[name].sent}, TABLE[name].sent)
        for prompt in names:
            m.write(f"{prompt}.prompt", f"Picture {prompt}")
            equal(m.state(prompt), "success")
        equal(orders(), {**before, name: before[name] + 3}, "saved again")
    equal({name: api.ignored() for name, api in apis.items()}, {name: [] for name in SERVICES})

    # A model's name goes along where the other service knows it under one of its own.
    set_attribute(m.path, "model", MODEL)
    os.removexattr(m.path, "user.darkroom.provider")
    m.order("named", "With a model's name")
    for name in ("revidapi", "liangxin"):
        set_attribute(m.path, "provider", name)
        m.write("named.prompt", "With a model's name")
        wait_for(lambda: m.status("named")["provider"] == name and m.state("named") == "success",
                 lambda: m.status_text("named"))
        equal(apis[name].models()[-1], TABLE[name].model)
