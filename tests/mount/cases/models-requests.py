#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every model of every service is ordered once with all its parameters at values that are not the
defaults, and what was sent is exactly what tests/models expects: no member more, none less."""
# timeout: 240
from darkroom import *
from services import *

PLENTY = {"balance": 1_000_000, "scale": 0.005, "waiting_ms": 0, "queuing_ms": 0,
          "generating_ms": 0}


def spread(body):
    """The members of a body, and those of its input, in one dictionary."""
    return {**{key: value for key, value in body.items() if key != "input"},
            **{f"input.{key}": value for key, value in body.get("input", {}).items()}}


def expected_body(order):
    """A few of kie.ai's older models take their parameters beside the model's name, or without it."""
    return order.get("body") or {"model": order["model"], "input": order["input"]}


def differences(got, expected):
    for key in sorted({*got, *expected}):
        if key not in got:
            yield f"{key} was not sent, expected {expected[key]!r}"
        elif key not in expected:
            yield f"{key} = {got[key]!r} was sent"
        elif json.dumps(got[key], sort_keys=True) != json.dumps(expected[key], sort_keys=True):
            yield f"{key} = {got[key]!r} was sent, expected {expected[key]!r}"


def with_task(value, task):
    """A task's id in place of {task}."""
    return json.loads(json.dumps(value).replace("{task}", task))


def story(name):
    """Returns what is wrong, one line each."""
    wrong = []
    orders = expected_orders(name)
    with Sandbox(PLENTY, dialect=name) as api, Mount(api, "budget=none", provider=name) as m:
        written = {}
        # Some change what another one made.
        earlier = next((o["model"] for o in orders if "{task}" not in json.dumps(o)
                        and any(o["model"].split("/")[0] == p["model"].split("/")[0]
                                for p in orders if "{task}" in json.dumps(p))), None)
        task = m.order("earlier", f"---\nmodel: {earlier}\n---\nA ship")["task"] if earlier else ""
        for n, order in enumerate(with_task(orders, task)):
            (m / f"{n}.prompt").touch()
            set_attribute(m / f"{n}.prompt", "model", order["model"])
            try:
                for key, value in order["settings"].items():
                    set_attribute(m / f"{n}.prompt", key, value)
                if order["text"]:
                    m.write(f"{n}.prompt", order["text"])
                written[n] = order
            except OSError as e:
                wrong.append(f"{order['model']}: {errno.errorcode[e.errno]} at {key}: "
                             f"{m.status(str(n)).get('error')}")
        tasks = {}
        for n, order in written.items():
            ended = wait_for(lambda: m.state(str(n)) in (*FINAL, "invalid") and m.status(str(n)),
                             lambda: f"{order['model']} ends: {m.status_text(str(n))}", 60)
            if ended.get("task"):
                tasks[ended["task"]] = order
            if ended["state"] != "success":
                wrong.append(f"{order['model']} ({order['settings']}): {ended['state']}: "
                             f"{ended.get('error')}")
            if ended.get("ignored"):
                wrong.append(f"{order['model']}: ignored: {ended['ignored']}")
        sent = {r["task"]: r for r in api.accepted()}
        refused = [(input_of(r["body"]), r["code"]) for r in api.creates() if not r["accepted"]]
        equal(refused, [], "orders that the service refused")
        for task, order in tasks.items():
            got = sent[task]
            wrong += [f"{order['model']}: {d}"
                      for d in differences(spread(got["body"]), spread(expected_body(order)))]
            equal(got["path"], order.get("path", got["path"]), f"{order['model']}: path")
            if got.get("ignored"):
                wrong.append(f"{order['model']}: the service does not know {got['ignored']}")
    return wrong


def listed():
    """The models that the mount has pages of."""
    with Mount(key=None) as m:
        return sorted(os.listdir(m / ".darkroom/models"))


known = sorted({o["model"].replace("/", "_") for name in SERVICES for o in expected_orders(name)})
equal(listed(), known, "models with a page")
wrong = [f"{name}: {line}" for name in SERVICES for line in story(name)]
print("\n".join(wrong))
equal(wrong, [], "differences")
