#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""How each service speaks: addresses, keys, envelopes, statuses, ids and records.

usage: test-dialects.py PROGRAM
"""

import json
import os
import re
import tempfile
import time

from client import AT_ONCE, CREATE, CREDIT, HOUR, RENEW, STATUS, Sandbox, equal, ok, png_size, run_tests

REVIDAPI_CREATE = "/paid/seedream/create"
REVIDAPI_STATUS = "/paid/get/taskid"
GOOD = {
    "kie": ("seedream/4.5-text-to-image", {"prompt": "a fox", "aspect_ratio": "1:1", "quality": "basic"}),
    "revidapi": ("seedream/4.5-text-to-image",
                 {"prompt": "a fox", "aspect_ratio": "1:1", "quality": "basic"}),
    "liangxin": ("seedream-v4-5", {"prompt": "a fox"}),
    "apikley": ("bytedance/seedream-v4-text-to-image", {"prompt": "a fox"}),
}
JSON_TYPE = {"Content-Type": "application/json"}


class Service(Sandbox):
    """A sandbox with the addresses and the key of one service."""

    def __init__(self, name, scenario=None, key=None, **more):
        super().__init__(scenario or AT_ONCE, key=key, dialect=name, **more)
        self.name = name
        self.headers = {}
        if key:
            self.headers = ({"x-api-key": key} if name == "revidapi"
                            else {"Authorization": "Bearer " + key})

    def call(self, method, path, body=None, headers=None):
        """Status and document."""
        given = {**(JSON_TYPE if body is not None else {}), **(self.headers if headers is None else headers)}
        body = json.dumps(body).encode() if body is not None else None
        status, _, data = self.request(method, path, body, given)
        return status, json.loads(data)

    def post(self, body, headers=None, path=None):
        path = path or (REVIDAPI_CREATE if self.name == "revidapi" else CREATE)
        return self.call("POST", path, body, headers)

    def make(self, headers=None, **changes):
        model, given = GOOD[self.name]
        given = {key: value for key, value in {**given, **changes}.items() if value is not None}
        return self.post({"model": model, "input": given}, headers)

    def look(self, task):
        if self.name == "revidapi":
            return self.call("POST", f"{REVIDAPI_STATUS}?taskId={task}")
        return self.call("GET", f"{STATUS}?taskId={task}")

    def task(self, **changes):
        return unwrapped(self.make(**changes)[1])["data"]["taskId"]

    def record(self, task):
        return unwrapped(self.look(task)[1])["data"]


def unwrapped(answer):
    return answer[0] if isinstance(answer, list) else answer


def test_every_service():
    """What all have in common: an order, its end, its picture, and nothing without the key."""
    for name in GOOD:
        with Service(name, key="right") as service:
            status, answer = service.make()
            task = unwrapped(answer)["data"]["taskId"]
            equal((status, unwrapped(answer)["code"]), (200, 200), f"{name}: an order")
            record = service.record(task)
            equal((record["taskId"], record["model"], record["state"]),
                  (task, GOOD[name][0], "success"), f"{name}: its end")
            url = json.loads(record["resultJson"])["resultUrls"][0]
            status, _, data = service.request("GET", url[len(service.url):])
            ok(status == 200 and png_size(data), f"{name}: its picture", (status, url))
            other = ({"Authorization": "Bearer right"} if name == "revidapi" else {"x-api-key": "right"})
            for headers in ({}, other, {"Authorization": "Bearer wrong", "x-api-key": "wrong"}):
                status, answer = service.make(headers=headers)
                ok("data" not in unwrapped(answer) or not unwrapped(answer)["data"],
                   f"{name}: no order with {headers}", (status, answer))
            lines = service.journal()
            equal(sum(line["accepted"] for line in lines if line["request"] == "create"), 1,
                  f"{name}: one order")
            equal([line["has_key"] for line in lines if line["request"] == "create"],
                  [True, False, True, True], f"{name}: the journal sees any kind of key")
            equal([line["has_key"] for line in lines if line["request"] == "download"], [False],
                  f"{name}: a download without a key")
            service.request("GET", url[len(service.url):], headers={"X-API-Key": "x"})
            equal(service.journal()[-1]["has_key"], True, f"{name}: a download with one")


def test_kie():
    with Service("kie") as service:
        equal(service.call("POST", STATUS + "?taskId=x")[0], 405, "kie: a query is a GET")
        equal(service.call("GET", CREATE)[0], 405, "kie: an order is a POST")
        equal(service.post({}, path=REVIDAPI_CREATE)[0], 404, "kie: not revidapi's address")
        wrong = {"model": "google/nano-banana-pro", "input": {"prompt": "x"}}
        status, answer = service.post(wrong)
        equal((status, answer["code"], answer["data"]), (200, 422, None), "kie: a wrong prefix")


OLDER = {
    "4o": ("/api/v1/gpt4o-image/", {"prompt": "a fox", "size": "1:1"}),
    "kontext": ("/api/v1/flux/kontext/", {"prompt": "a fox", "outputFormat": "png"}),
}


def older_record(service, name, task):
    status, answer = service.call("GET", f"{OLDER[name][0]}record-info?taskId={task}")
    assert (status, answer["code"]) == (200, 200), answer
    return answer["data"]


def older_order(service, name, **changes):
    path, given = OLDER[name]
    return service.post({**given, **changes}, path=path + "generate")[1]


def older_urls(name, response):
    return response["resultUrls"] if name == "4o" else [response["resultImageUrl"]]


def test_older():
    """kie.ai's two older services."""
    for name, (path, given) in OLDER.items():
        with tempfile.TemporaryDirectory() as directory:
            gate = os.path.join(directory, "gate")
            scenario = {**AT_ONCE, "tasks": [{"text": "held", "hold_in": "queuing", "gate": gate}]}
            with Service(name="kie", scenario=scenario, key="right", directory=directory) as service:
                answer = older_order(service, name)
                task = answer["data"]["taskId"]
                equal(answer, {"code": 200, "msg": "success", "data": {"taskId": task}}, f"{name}: the answer")
                line = service.journal()[-1]
                equal((line["request"], line["task"], line["accepted"], line["body"], line["ignored"]),
                      ("create", task, True, given, []), f"{name}: the journal")
                record = older_record(service, name, task)
                equal((record["taskId"], json.loads(record["paramJson"]), record["successFlag"],
                       record["errorCode"], record["errorMessage"]), (task, given, 1, None, ""), f"{name}: its end")
                members = {"taskId", "paramJson", "completeTime", "response", "successFlag", "errorCode",
                           "errorMessage", "createTime"}
                equal(set(record), members | ({"status", "progress"} if name == "4o" else set()), f"{name}: members")
                if name == "4o":
                    equal((record["status"], record["progress"]), ("SUCCESS", "1.00"), "4o: in words")
                    ok(abs(record["createTime"] - time.time() * 1000) < HOUR, "4o: milliseconds", record)
                else:
                    ok(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", record["createTime"]),
                       "kontext: times are texts", record)
                url = older_urls(name, record["response"])[0]
                status, _, data = service.request("GET", url[len(service.url):])
                ok(status == 200 and png_size(data), f"{name}: its picture", (status, url))
                equal(service.call("POST", RENEW, {"url": url})[1]["code"], 200, f"{name}: a fresh address")
                held = older_order(service, name, prompt="held")["data"]["taskId"]
                record = older_record(service, name, held)
                equal((record["successFlag"], record["response"], record["completeTime"], record["errorMessage"]),
                      (0, None, None, None), f"{name}: while it is held")
                for other in (STATUS, *(p + "record-info" for n, (p, _) in OLDER.items() if n != name)):
                    equal(service.call("GET", f"{other}?taskId={task}")[1]["msg"], "recordInfo is null",
                          f"{name}: nothing of it at {other}")
                usual = service.task()
                equal(service.call("GET", f"{path}record-info?taskId={usual}")[1]["code"], 422,
                      f"{name}: nothing of others")
                equal(service.call("POST", path + "generate", given, {})[1]["code"], 401, f"{name}: no key")
                equal((service.call("GET", path + "generate")[0], service.call("POST", path + "record-info", {})[0]),
                      (405, 405), f"{name}: methods")
                equal(service.call("GET", path + "record-info")[1]["code"], 400, f"{name}: no task is named")
                record = older_record(service, name, task)
            with Service("kie", scenario, key="right", directory=directory) as service:
                equal(older_record(service, name, task), {**record, "response": {
                    key: [again(url, service) for url in value] if isinstance(value, list) else again(value, service)
                    for key, value in record["response"].items()}}, f"{name}: after a restart")
                with open(gate, "w", encoding="utf-8"):
                    pass
                equal(older_record(service, name, held)["successFlag"], 1, f"{name}: and the other one ends")


def again(url, service):
    """The address that the same server has after a restart."""
    return re.sub(r"^http://[^/]+", service.url, url)


def test_older_orders():
    with Service("kie") as service:
        for model in ("4o-image-api", "flux-kontext-pro"):
            equal(service.post({"model": model, "input": {"prompt": "x", "size": "1:1"}})[1]["code"], 422,
                  f"{model}: not by createTask")
        for model in ("z-image", "nonsense", 7, ""):
            equal(older_order(service, "kontext", model=model)["code"], 422, f"kontext: not {model!r}")
        equal(older_order(service, "kontext", input={"prompt": "x"}, prompt=None)["code"], 500,
              "kontext: nothing is taken from an input")
        equal(older_order(service, "4o", model="nonsense", input={}, seed=1)["code"], 200, "4o: other members")
        equal(service.journal()[-1]["ignored"], ["model", "input", "seed"], "4o: which are ignored")
        for model, price in ((None, 5), ("flux-kontext-pro", 5), ("flux-kontext-max", 10)):
            equal(older_order(service, "kontext", model=model)["code"], 200, f"kontext: {model}")
            equal(service.journal()[-1]["charged"], price, f"kontext: price of {model}")
        equal(older_order(service, "kontext", callBackUrl=7)["code"], 422, "kontext: callBackUrl is a text")
        equal(older_order(service, "kontext", callBackUrl="http://x")["code"], 200, "kontext: callBackUrl")
        equal(service.journal()[-1]["ignored"], [], "kontext: it is known")


def test_older_trouble():
    lost_codes = {"4o": 451, "kontext": 400}
    fields = {"4o": lambda url: {"filesUrl": [url]}, "kontext": lambda url: {"inputImage": url}}
    for name in OLDER:
        scenario = {**AT_ONCE, "tasks": [
            {"text": "bad", "state": "fail", "fail_code": "501", "fail_msg": "No."},
            {"text": "words", "state": "fail", "fail_code": "E1"},
            {"text": "none", "result": "none"}, {"text": "type", "result": "wrong_type"}],
            "faults": [{"on": "create", "text": "poor", "refuse": "credits"},
                       {"on": "status", "text": "poll", "to": 1, "code": 500}]}
        with Service("kie", scenario) as service:
            def end(**changes):
                return older_record(service, name, older_order(service, name, **changes)["data"]["taskId"])

            equal(older_order(service, name, prompt="poor")["code"], 402, f"{name}: a fault by the prompt")
            record = end(prompt="bad")
            equal((record["successFlag"], record["errorCode"], record["errorMessage"], record["response"]),
                  (3, 501, "No.", None), f"{name}: it fails")
            equal(end(prompt="words")["errorCode"], "E1", f"{name}: a code in words")
            record = end(**fields[name](service.url + "/uploads/never.png"))
            equal((record["successFlag"], record["errorCode"]), (2, lost_codes[name]), f"{name}: a picture is lost")
            ok("never.png" in record["errorMessage"], f"{name}: which one", record)
            equal(service.call("GET", CREDIT)[1]["data"], 1000, f"{name}: it was free")
            equal(older_urls(name, end(prompt="none")["response"]), [] if name == "4o" else [None],
                  f"{name}: no address")
            equal(end(prompt="type")["response"], 42, f"{name}: a wrong type")
            task = older_order(service, name, prompt="poll")["data"]["taskId"]
            path = f"{OLDER[name][0]}record-info?taskId={task}"
            equal([service.call("GET", path)[1]["code"] for _ in range(2)], [500, 200], f"{name}: a query fails once")


def test_revidapi():
    with Service("revidapi", key="right") as service:
        status, answer = service.make()
        task = answer["data"]["taskId"]
        ok(re.fullmatch("[0-9a-f]{32}", task), "revidapi: the id", task)
        equal((status, answer), (200, {"code": 200, "msg": "success", "data": {"taskId": task}}),
              "revidapi: the first answer")
        ok(isinstance(service.make()[1], list), "revidapi: the second answer is in an array")
        ok(isinstance(service.make()[1], dict), "revidapi: the third one is not")
        ok(isinstance(service.look(task)[1], dict) and isinstance(service.look(task)[1], list),
           "revidapi: queries are counted apart")
        record = service.record(task)
        equal(set(record), {"taskId", "model", "state", "param", "resultJson", "failCode", "failMsg",
                            "costTime", "completeTime", "createTime"}, "revidapi: exactly these members")
        equal(json.loads(record["param"]), {"model": GOOD["revidapi"][0], "input": GOOD["revidapi"][1]},
              "revidapi: param is the whole order")

        def refused(call, http, detail, name):
            status, answer = call
            answer = unwrapped(answer)
            equal((status, list(answer)), (http, ["detail"]), "revidapi: " + name)
            ok(detail in answer["detail"], f"revidapi: {name}, in words", answer)

        refused(service.make(headers={}), 401, "Authentication", "no key")
        refused(service.make(prompt=None), 422, "prompt is required", "no prompt")
        refused(service.make(quality="best"), 422, "quality", "a wrong value")
        refused(service.make(prompt="x" * 3001), 422, "prompt", "too long")
        refused(service.look("0" * 32), 404, "not found", "an unknown task")
        refused(service.call("POST", REVIDAPI_STATUS), 400, "taskId", "no task")
        refused(service.call("GET", f"{REVIDAPI_STATUS}?taskId={task}"), 405, "Method", "a query by GET")
        refused(service.call("POST", REVIDAPI_STATUS, {"taskId": task}), 400, "taskId",
                "the id in the body")
        for path in (CREATE, CREDIT, RENEW, "/api/file-stream-upload"):
            refused(service.post({}, path=path), 404, "not found", path)
        banana = {"model": "google/nano-banana", "input": {"prompt": "x"}}
        refused(service.post(banana), 422, "google/nano-banana", "a model of another family")
        refused(service.post({"model": GOOD["revidapi"][0], "input": GOOD["revidapi"][1]},
                             path="/paid/nano/banana/create"), 422, "seedream", "and the other way round")
        equal(service.post(banana, path="/paid/nano/banana/create")[0], 200, "revidapi: its own family")
        status, _, _ = service.request("POST", REVIDAPI_CREATE, b"{", {**JSON_TYPE, **service.headers})
        equal(status, 422, "revidapi: no JSON")
    with Service("revidapi", {**AT_ONCE, "balance": 20, "rate": {"count": 3, "period_ms": HOUR}}) as service:
        equal([service.make()[0] for _ in range(4)], [200, 402, 402, 429], "revidapi: 12 credits, and a rate")
    with tempfile.TemporaryDirectory() as directory:
        gate = os.path.join(directory, "gate")
        scenario = {**AT_ONCE, "hold_in": "generating", "gate": gate}
        with Service("revidapi", scenario) as service:
            task = service.task()
            record = service.record(task)
            url = json.loads(record["resultJson"])["resultUrls"][0]
            equal((record["state"], record["completeTime"]), ("waiting", None),
                  "revidapi: waiting with a result")
            equal(service.request("GET", url[len(service.url):])[0], 404, "revidapi: which is not there")
            with open(gate, "w", encoding="utf-8"):
                pass
            record = service.record(task)
            equal((record["state"], record["costTime"]),
                  ("success", record["completeTime"] - record["createTime"]), "revidapi: milliseconds")


def test_liangxin():
    invalid = {"error": {"message": "invalid token", "type": "new_api_error", "code": ""}}
    with Service("liangxin", key="right") as service:
        before = int(time.time() * 1000)
        tasks = [service.task() for _ in range(3)]
        for task in tasks:
            match = re.fullmatch(r"task_seedream-v4-5_(\d{13})", task)
            ok(match and int(match[1]) >= before, "liangxin: the id", task)
        equal(len(set(tasks)), 3, "liangxin: ids differ")
        record = service.record(tasks[0])
        equal((record["failCode"], record["failMsg"]), ("", ""), "liangxin: nothing failed")
        equal(json.loads(record["param"])["input"], GOOD["liangxin"][1], "liangxin: param")
        equal(service.make(headers={}), (401, invalid), "liangxin: no key")
        equal(service.make(headers={"Authorization": "Bearer x"}), (401, invalid), "liangxin: a wrong one")
        equal(service.look("x")[0], 404, "liangxin: an unknown task")

        def refused(call, http, words, name):
            status, answer = call
            equal((status, answer["code"], answer["data"]), (http, http, None), "liangxin: " + name)
            ok(words in answer["msg"], f"liangxin: {name}, in words", answer)

        refused(service.make(prompt=None), 400, "input.prompt is required", "no prompt")
        refused(service.make(prompt=""), 400, "input.prompt is required", "an empty prompt")
        refused(service.make(aspect_ratio="16:10"), 400, "input.aspect_ratio", "a wrong ratio")
        refused(service.make(seed="7"), 400, "input.seed", "a number as a text")
        refused(service.make(seed=-1), 400, "input.seed", "a number out of range")
        refused(service.make(enable_safety_checker="true"), 400, "checker", "a text as a flag")
        refused(service.post({"model": "seedream/4.5-text-to-image", "input": {"prompt": "x"}}), 400,
                "unsupported model", "kie's name")
        refused(service.post({"input": {"prompt": "x"}}), 400, "model", "no model")
        flux = {"prompt": "x", "width": 512}
        refused(service.post({"model": "flux-2-pro", "input": flux}), 400, "together", "width alone")
        equal(service.post({"model": "flux-2-pro", "input": {**flux, "height": 256}})[0], 200,
              "liangxin: width and height")
        refused(service.post({"model": "flux-2-pro", "input": {**flux, "height": 255}}), 400, "height",
                "too small")
        for ratio in ("16:9", "widescreen_16_9", "square_1_1", "cinematic_21_9"):
            equal(service.make(aspect_ratio=ratio)[0], 200, "liangxin: " + ratio)
        equal(service.call("GET", CREDIT)[0], 404, "liangxin: no balance is told")
        equal(service.call("GET", CREDIT)[1]["error"]["code"], "", "liangxin: nothing is said about it")
        service.make(quality="high", seed=7)
        equal(service.journal()[-1]["ignored"], ["quality"], "liangxin: quality means nothing to it")
    with Service("liangxin", {**AT_ONCE, "balance": 10}) as service:
        equal(service.make()[0], 200, "liangxin: enough quota")
        refused(service.make(), 403, "quota", "not enough quota")


def test_apikley():
    with Service("apikley", key="right") as service:
        status, answer = service.make()
        task = answer["data"]["taskId"]
        ok(re.fullmatch(r"task_bytedance_\d{13}", task), "apikley: the id", task)
        equal((status, answer), (200, {"code": 200, "msg": "success", "data": {"taskId": task}}),
              "apikley: the answer")
        equal(service.call("GET", CREDIT)[1]["code"], 200, "apikley: the balance")
        status, answer = service.make(headers={})
        equal((status, answer["code"], "data" in answer), (200, 401, False), "apikley: no key")
        equal(service.call("POST", RENEW, {"url": "x"})[0], 404, "apikley: no fresh addresses")
        equal(service.make(prompt="x" * 5000)[1]["code"], 200, "apikley: 5000 characters")
        equal(service.make(prompt="x" * 5001)[1]["code"], 422, "apikley: 5001 characters")
        equal(service.make(max_images=7)[1]["code"], 422, "apikley: too many")
        equal(service.make(max_images="2")[1]["code"], 422, "apikley: a number as a text")
        service.make(nsfw_checker=True, max_images=2, image_size="landscape_21_9", image_resolution="4K")
        line = service.journal()[-1]
        equal((line["accepted"], line["ignored"], line["charged"]), (True, ["nsfw_checker"], 10),
              "apikley: no nsfw_checker")
        urls = json.loads(service.record(line["task"])["resultJson"])["resultUrls"]
        equal(len(urls), 2, "apikley: two pictures")
        status, answer = service.post({"model": "seedream/5-lite-text-to-image", "input": {}})
        equal((status, answer["code"]), (200, 422), "apikley: not all of kie's models")


def test_faults_in_each_dialect():
    """One scenario for all: each refuses in its own words."""
    causes = ("key", "credits", "rate", "model", "value", "server", "closed")
    faults = [{"on": "create", "text": cause, "refuse": cause} for cause in causes]
    faults += [{"on": "status", "text": "gone", "refuse": "task"},
               {"on": "create", "text": "number", "code": 429},
               {"on": "create", "text": "both", "http": 500, "code": 422, "msg": "no"}]
    said = {"kie": [401, 402, 429, 422, 422, 500, 455],
            "revidapi": [401, 402, 429, 422, 422, 500, 503],
            "liangxin": [401, 403, 429, 400, 400, 500, 503],
            "apikley": [401, 402, 429, 422, 422, 500, 455]}
    for name, codes in said.items():
        real = name in ("revidapi", "liangxin")
        with Service(name, {**AT_ONCE, "faults": faults}) as service:
            for cause, code in zip(causes, codes):
                status, answer = service.make(prompt=cause)
                answer = unwrapped(answer)
                equal(status, code if real else 200, f"{name}: {cause}, the status")
                if not real:
                    equal(answer["code"], code, f"{name}: {cause}, the code")
            status, answer = service.make(prompt="number")
            equal(status, 429 if real else 200, f"{name}: a code alone")
            status, answer = service.make(prompt="both")
            answer = unwrapped(answer)
            equal((status, answer.get("detail") or answer["msg"]), (500, "no"), f"{name}: both")
            equal(sum(line["accepted"] for line in service.journal()), 0, f"{name}: none is accepted")
            status, answer = service.look(service.task(prompt="gone"))
            equal((status, unwrapped(answer).get("code", status)),
                  {"kie": (200, 422), "apikley": (200, 422)}.get(name, (404, 404)), f"{name}: no such task")
            failing = {**AT_ONCE, "tasks": [{"state": "fail", "fail_code": "500", "fail_msg": "sorry"}]}
        with Service(name, failing) as service:
            record = service.record(service.task())
            equal((record["state"], record["failCode"], record["failMsg"], record["resultJson"]),
                  ("fail", "500", "sorry", ""), f"{name}: a task that fails")


def test_restart():
    """The journal of each service can be taken up again."""
    for name in GOOD:
        with tempfile.TemporaryDirectory() as directory:
            with Service(name, directory=directory) as service:
                task = service.task(prompt="x\ty\"")
                record = service.record(task)
            with Service(name, directory=directory) as service:
                again = service.record(task)
                for key in ("resultJson", "response"):
                    record.pop(key, None)
                    again.pop(key, None)
                equal(again, record, f"{name}: the task after a restart")


run_tests(test_every_service, test_kie, test_older, test_older_orders, test_older_trouble, test_revidapi,
          test_liangxin, test_apikley, test_faults_in_each_dialect, test_restart)
