#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""kie.ai's two older services, which have addresses and words of their own: reference files, a task
taken up after unmounting, failures, and refusals that pass."""
# timeout: 120
from darkroom import *
from services import *

RECORDS = "/api/v1/gpt4o-image/record-info", "/api/v1/flux/kontext/record-info"
OLDER = {"4o-image-api": ("filesUrl", RECORDS[0], ".png"),
         "flux-kontext-pro": ("inputImage", RECORDS[1], ".jpg")}


def story(model, field, record, suffix):
    gate = Gate(model)
    tasks = [{"text": "Held", **gate.holds("waiting")},
             {"text": "Policy", "state": "fail", "fail_code": "400",
              "fail_msg": "Your prompt was flagged by Website as violating content policies."},
             {"text": "Trouble", "state": "fail", "fail_code": "500",
              "fail_msg": "Internal Error, Please try again later."}]
    faults = [{"on": "create", "text": "Twice", "to": 1, "refuse": "rate"},
              {"on": "status", "text": "Twice", "to": 2, "refuse": "server"}]
    with Sandbox({"tasks": tasks, "faults": faults}) as api, Mount(api) as m:
        picture(m / "near.png", 300, 200)
        m.write("held.prompt", header("Held", model=model, images="near.png"))
        before = m.wait_state("held", "generating")
        m.remount()
        equal(m.wait_state("held", "generating")["task"], before["task"], "task")
        gate.open()
        after = m.wait_state("held", "success")
        equal((after["task"], after[field]), (before["task"], "near.png"))
        equal(m.pictures(), ["held" + suffix, "near.png"])
        picture_size(m / f"held{suffix}")
        create, = api.accepted()
        arrived, = create["references"]
        equal(arrived["sha256"], sha256(m / "near.png"), "the picture that arrived")
        equal({r["path"] for r in api.journal("status")}, {record}, "asked at")

        m.write("policy.prompt", header("Policy", model=model))
        status = m.wait_state("policy", "fail")
        contains(status["error"], "violating content policies")
        m.write("trouble.prompt", header("Trouble", model=model))
        status = m.wait_state("trouble", "fail")
        contains(status["error"], "Internal Error")
        m.order("twice", header("Twice", model=model))
        equal(len([r for r in api.accepted() if "Twice" in input_of(r["body"])["prompt"]]), 1,
              "paid orders")
        equal(api.ignored(), [], "sent and not known")


for model, words in OLDER.items():
    print(f"# {model}", flush=True)
    story(model, *words)
