#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""darkroom-sandbox from outside: its API, its faults, its journal and its ends.

usage: test-sandbox.py PROGRAM
"""

import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time

from client import (AT_ONCE, CREATE, CREDIT, HOUR, MODEL, PROGRAM, RENEW, STATUS, Sandbox, broken, equal,
                    eventually, jpeg_size, ok, png_size, run_tests, webp_size)


def test_keys():
    unauthorized = {"code": 401, "msg": "Unauthorized – Authentication failed. Please check that your "
                    "Authorization and Content-Type headers are correctly set."}
    with Sandbox(AT_ONCE, key="right") as sandbox:
        good = {"Authorization": "Bearer right"}
        for name, headers in (("none", {}), ("wrong", {"Authorization": "Bearer wrong"}),
                              ("longer", {"Authorization": "Bearer right2"}),
                              ("empty", {"Authorization": "Bearer "}),
                              ("basic", {"Authorization": "Basic right"})):
            status, _, body = sandbox.request("GET", CREDIT, headers=headers)
            equal((status, json.loads(body)), (200, unauthorized), f"key: {name} is refused")
        equal(sandbox.create(headers={}), unauthorized, "key: no order without one")
        equal(sandbox.api("GET", CREDIT, headers=good)["data"], 1000, "key: the right one")
        body = json.dumps({"model": MODEL}).encode()
        for kind in (None, "text/plain", "application/jsonx"):
            headers = {**good, **({"Content-Type": kind} if kind else {})}
            answer = json.loads(sandbox.request("POST", CREATE, body, headers)[2])
            equal(answer, unauthorized, f"content type {kind} is refused")
        headers = {**good, "Content-Type": "application/json; charset=utf-8"}
        answer = json.loads(sandbox.request("POST", CREATE, body, headers)[2])
        equal(answer["code"], 422, "content type with a charset is taken")
        lines = sandbox.journal()
        equal([(line["has_key"], line["authorized"]) for line in lines[:2]],
              [(False, False), (True, False)], "key: the journal tells")
        ok("right" not in json.dumps(lines), "key: it is not in the journal")
    with Sandbox() as sandbox:
        equal(sandbox.api("GET", CREDIT)["code"], 200, "without --key none is needed")
        equal(sandbox.api("GET", CREDIT, headers={"Authorization": "Bearer x"})["code"], 200,
              "without --key any will do")
        equal(sandbox.api("GET", CREDIT, headers={"Authorization": "Bearer "})["code"], 401,
              "without --key an empty one will not")


def test_create():
    with Sandbox(AT_ONCE) as sandbox:
        answer = sandbox.create()
        task = answer["data"]["taskId"]
        equal(answer, {"code": 200, "msg": "success", "data": {"taskId": task, "recordId": task}},
              "create: the answer")
        ok(len(task) == 32 and set(task) <= set("0123456789abcdef"), "create: 32 hex digits", task)
        unsupported = ("The model name you specified is not supported. Please verify your input and use "
                       "one of the supported models provided by KIE.")
        good = {"prompt": "x", "aspect_ratio": "1:1", "quality": "basic"}
        for body, code, message in (
                ({"input": good}, 422, "This field is required"),
                ({"model": MODEL}, 422, "This field is required"),
                ({"model": MODEL, "input": "x"}, 422, "This field is required"),
                ([], 422, "This field is required"),
                ({"model": "seedream/4.5", "input": good}, 422, unsupported),
                ({"model": 7, "input": good}, 422, unsupported),
                ({"model": MODEL, "input": good, "callBackUrl": 3}, 422,
                 "Please enter callBackUrl.")):
            answer = sandbox.api("POST", CREATE, body)
            equal(answer, {"code": code, "msg": message, "data": None}, f"create: {code} {message[:20]}")
        for key in good:
            answer = sandbox.create(**{key: None})
            equal((answer["code"], answer["msg"]), (500, key + " is required"), f"create: no {key}")
        for key, value in (("aspect_ratio", "16:10"), ("quality", "best"), ("quality", 1),
                           ("prompt", ["x"]), ("nsfw_checker", "yes")):
            equal(sandbox.create(**{key: value})["code"], 422, f"create: {key}={value}")
        equal(sandbox.create(prompt="")["code"], 500, "create: an empty prompt")
        equal(sandbox.create(prompt="ä" * 3000)["code"], 200, "create: 3000 characters")
        equal(sandbox.create(prompt="ä" * 3001)["code"], 422, "create: 3001 characters")
        equal(sandbox.create(nsfw_checker=True, nonsense=1)["code"], 200, "create: more members")
        equal(sandbox.api("POST", CREATE, b"{")["code"], 400, "create: no JSON")
        equal(sandbox.api("POST", CREATE, b"\xff\xfe")["code"], 400, "create: no UTF-8")
        equal(sandbox.request("GET", CREATE)[0], 405, "create: wrong method")
        equal(sandbox.request("GET", "/nothing")[0], 404, "no such path")
        headers = {"Content-Type": "application/json"}
        limit = 1 << 20
        equal(sandbox.request("POST", CREATE, b" " * limit, headers)[0], 200, "a body of 1 MiB")
        equal(sandbox.request("POST", CREATE, b" " * (limit + 1), headers)[0], 413, "a larger one")
        lines = [line for line in sandbox.journal() if line["request"] == "create"]
        equal([line["task"] for line in lines if line["accepted"]][0], task, "journal: the task")
        equal(lines[0]["body"]["input"]["prompt"], "a fox", "journal: the order")
        equal(sum(line["charged"] for line in lines), 3 * 6.5, "journal: what was charged")
        ok("{" in [line["body"] for line in lines], "journal: what was no JSON")


def test_status():
    param = {"prompt": "\"q\" \\ é 日", "aspect_ratio": "4:3", "quality": "high"}
    keys = {"taskId", "model", "state", "param", "resultJson", "failCode", "failMsg", "costTime",
            "completeTime", "createTime", "creditsConsumed"}
    rules = [{"text": "one", "waiting_ms": HOUR}, {"text": "two", "queuing_ms": HOUR},
             {"text": "three", "generating_ms": HOUR},
             {"text": "four", "state": "fail", "fail_code": "422", "fail_msg": "no"},
             {"text": "five", "state": "fail"}]
    with Sandbox({**AT_ONCE, "tasks": rules}) as sandbox:
        equal(sandbox.api("GET", STATUS)["code"], 400, "status: no task id")
        unknown = {"code": 422, "msg": "recordInfo is null", "data": None}
        equal(sandbox.status("0" * 32), unknown, "status: unknown task")
        for text, state in (("one", "waiting"), ("two", "queuing"), ("three", "generating")):
            data = sandbox.status(sandbox.order(text))["data"]
            equal(data["state"], state, f"status: {state}")
            equal((data["resultJson"], data["failCode"], data["failMsg"], data["costTime"],
                   data["completeTime"], data["creditsConsumed"]), ("", None, None, None, None, 0),
                  f"status: nothing yet while {state}")
        task = sandbox.order(**param)
        data = sandbox.status(task)["data"]
        equal(set(data), keys, "status: exactly these members")
        equal(data["state"], "success", "status: success")
        outer = json.loads(data["param"])
        equal((outer["model"], json.loads(outer["input"])), (MODEL, param), "status: param")
        equal(json.loads(data["resultJson"]), {"resultUrls": [f"{sandbox.url}/r/{task}_1.png"]},
              "status: the address")
        equal((data["costTime"], data["completeTime"] - data["createTime"]), (0, 0), "status: times")
        equal(data["creditsConsumed"], 6.5, "status: credits")
        answer = sandbox.api("GET", STATUS + "?taskId=" + task, headers={"Host": "other.test:99"})
        equal(json.loads(answer["data"]["resultJson"])["resultUrls"][0],
              f"http://other.test:99/r/{task}_1.png", "status: addresses follow the Host header")
        answer = sandbox.api("GET", STATUS + "?taskId=" + task, headers={"Host": "a/b\"c"})
        ok(answer["data"]["resultJson"].startswith('{"resultUrls":["' + sandbox.url),
           "status: but only a good one", answer)
        data = sandbox.status(sandbox.order("four"))["data"]
        equal((data["state"], data["failCode"], data["failMsg"], data["resultJson"],
               data["creditsConsumed"]), ("fail", "422", "no", "", 0), "status: fail as told")
        data = sandbox.status(sandbox.order("five"))["data"]
        equal((data["failCode"], data["failMsg"]), ("500", "Internal server error"), "status: fail")
        equal(sandbox.api("GET", CREDIT)["data"], 1000 - 4 * 6.5, "credits: failed tasks are free")
    with Sandbox({**AT_ONCE, "strict_id_visibility_ms": HOUR}) as sandbox:
        equal(sandbox.status(sandbox.order()), unknown, "status: not visible yet")


def test_results():
    rules = [{"text": form, "result": form} for form in
             ("object", "response", "none", "wrong_type")]
    rules += [{"text": "elsewhere", "url": "https://else.test/x.png"}]
    with Sandbox({**AT_ONCE, "tasks": rules}) as sandbox:
        tasks = {rule["text"]: sandbox.order(rule["text"]) for rule in rules}
        data = {text: sandbox.status(task)["data"] for text, task in tasks.items()}
        urls = {text: {"resultUrls": [f"{sandbox.url}/r/{task}_1.png"]} for text, task in tasks.items()}
        equal(data["object"]["resultJson"], urls["object"], "result: object")
        equal((data["response"]["resultJson"], data["response"]["response"]), ("", urls["response"]),
              "result: response")
        equal(json.loads(data["none"]["resultJson"]), {"resultUrls": []}, "result: none")
        equal(data["wrong_type"]["resultJson"], 42, "result: wrong type")
        equal(json.loads(data["elsewhere"]["resultJson"]), {"resultUrls": ["https://else.test/x.png"]},
              "result: another address")


def test_money_and_rates():
    with Sandbox({**AT_ONCE, "balance": 13.2}) as sandbox:
        equal([sandbox.create()["code"] for _ in range(3)], [200, 200, 402], "balance: two, not three")
        ok(abs(sandbox.api("GET", CREDIT)["data"] - 0.2) < 1e-9, "balance: the rest")
        ok("Credits insufficient" in sandbox.create()["msg"], "balance: the words")
    slow = {"count": 3, "period_ms": 86400000}
    with Sandbox({**AT_ONCE, "rate": slow, "status_rate": slow}) as sandbox:
        task = sandbox.order()
        equal([sandbox.create()["code"] for _ in range(4)], [200, 200, 429, 429], "rate: orders")
        equal([sandbox.status(task)["code"] for _ in range(4)], [200, 200, 200, 429], "rate: status")
        status, _, body = sandbox.request("GET", STATUS + "?taskId=" + task)
        equal((status, json.loads(body)),
              (200, {"code": 429, "msg": "Your call frequency is too high. Please try again later.",
                     "data": None}), "rate: the words")
        equal(sandbox.api("GET", CREDIT)["code"], 200, "rate: credits are free of it")
    with Sandbox({**AT_ONCE, "rate": {"count": 1, "period_ms": 1}}) as sandbox:
        deadline = time.monotonic() + 30
        codes = [sandbox.create()["code"]]
        while codes.count(200) < 3 and time.monotonic() < deadline:
            codes.append(sandbox.create()["code"])
        equal(codes.count(200), 3, "rate: tokens come back")


def test_pictures():
    sizes = {"1:1": (2048, 2048, 4096, 4096), "4:3": (2304, 1728, 4704, 3520),
             "3:4": (1728, 2304, 3520, 4704), "16:9": (2848, 1600, 5504, 3040),
             "9:16": (1600, 2848, 3040, 5504), "2:3": (1664, 2496, 3328, 4992),
             "3:2": (2496, 1664, 4992, 3328), "21:9": (3136, 1344, 6240, 2656)}
    with Sandbox({**AT_ONCE, "scale": 0.125}) as sandbox:
        for ratio, (width, height, high_width, high_height) in sizes.items():
            for quality, size in (("basic", (width, height)), ("high", (high_width, high_height))):
                task = sandbox.order("hills", aspect_ratio=ratio, quality=quality)
                status, headers, data = sandbox.request("GET", sandbox.picture_path(task))
                equal((status, headers["Content-Type"], png_size(data)),
                      (200, "image/png", (size[0] / 8, size[1] / 8)), f"picture: {ratio} {quality}")
    words = ["a lighthouse by the sea at sunset", "snow in the mountains", "a city at night in the rain",
             "dunes of the desert", "a planet in space", "flowers in a foggy forest",
             "日本語のテキスト 🦊 \U0010fffd עברית नमस्ते", "x", "\n\n\n", "\x01\x1f\x7f", "a" * 3000,
             "\n".join("x" * 1500), "wide words " * 272, "🦊" * 3000]
    rules = [{"text": "JPEG", "format": "jpeg"}, {"text": "WEBP", "format": "webp"},
             {"text": "three", "pictures": 3}, {"text": "tiny", "width": 1, "height": 1},
             {"text": "thin", "width": 1, "height": 400}, {"text": "own", "width": 123, "height": 45}]
    with Sandbox({**AT_ONCE, "tasks": rules}) as sandbox:
        for text in words:
            data = sandbox.request("GET", sandbox.picture_path(sandbox.order(text)))[2]
            equal(png_size(data), (57, 32), f"picture of {text[:20]!r}")
        for text, size in (("tiny", (1, 1)), ("thin", (1, 400)), ("own", (123, 45))):
            data = sandbox.request("GET", sandbox.picture_path(sandbox.order(text)))[2]
            equal(png_size(data), size, f"picture: {text}")
        for text, kind, reader in (("JPEG", "jpeg", jpeg_size), ("WEBP", "webp", webp_size)):
            _, headers, data = sandbox.request("GET", sandbox.picture_path(sandbox.order(text)))
            equal((headers["Content-Type"], reader(data)), ("image/" + kind, (57, 32)), f"picture: {kind}")
        first, second = sandbox.order("three"), sandbox.order("three")
        urls = json.loads(sandbox.status(first)["data"]["resultJson"])["resultUrls"]
        equal([url[-6:] for url in urls], ["_1.png", "_2.png", "_3.png"], "three pictures")
        pictures = [sandbox.request("GET", url[len(sandbox.url):])[2] for url in urls]
        equal(len(set(pictures)), 3, "three different pictures")
        again = sandbox.request("GET", sandbox.picture_path(second))[2]
        ok(again == pictures[0], "the same order gives the same bytes")
        other = sandbox.request("GET", sandbox.picture_path(sandbox.order("three2")))[2]
        ok(other != pictures[0], "another prompt gives another picture")
        base = f"/r/{first}"
        for path in (base + "_0.png", base + "_4.png", base, base + "_1", base + "_1.png/", "/r/",
                     "/r/x_1.png", f"/r/{'0' * 32}_1.png", base + "_99999.png", base[:-1] + "_1.png"):
            equal(sandbox.request("GET", path)[0], 404, "no picture at " + path.replace(first, "ID"))
        status, headers, data = sandbox.request("HEAD", base + "_1.png")
        equal((status, int(headers["Content-Length"]), data), (200, len(pictures[0]), b""), "HEAD")
    with Sandbox({**AT_ONCE, "generating_ms": HOUR}) as sandbox:
        equal(sandbox.request("GET", f"/r/{sandbox.order()}_1.png")[0], 404, "no picture before its time")


def test_renew():
    with Sandbox(AT_ONCE) as sandbox:
        task = sandbox.order()
        url = f"{sandbox.url}/r/{task}_1.png"
        wrong = {"code": 422, "msg": "url is wrong", "data": None}
        first = sandbox.api("POST", RENEW, {"url": url})["data"]
        second = sandbox.api("POST", RENEW, {"url": first})["data"]
        ok(first.startswith(url + "?") and second.startswith(url + "?") and first != second,
           "renew: fresh addresses", (first, second))
        equal(sandbox.request("GET", second[len(sandbox.url):])[0], 200, "renew: they work")
        for other in (f"http://else.test/r/{task}_1.png", f"{sandbox.url}/r/{'0' * 32}_1.png",
                      sandbox.url + "/r/", sandbox.url, f"{sandbox.url}0/r/{task}_1.png",
                      f"/r/{task}_1.png", "", 5, None, url[:-4] + "x" * 600):
            equal(sandbox.api("POST", RENEW, {"url": other}), wrong,
                  f"renew: not {str(other)[:30]}")
        equal(sandbox.api("POST", RENEW, []), wrong, "renew: no object")
        lines = [line for line in sandbox.journal() if line["request"] == "renew"]
        equal((lines[0]["task"], lines[0]["code"]), (task, 200), "renew: the journal")


def test_faults():
    faults = [
        {"on": "create", "text": "before", "close": "before"},
        {"on": "create", "text": "after", "close": "after"},
        {"on": "create", "text": "limit", "from": 2, "to": 3, "code": 429},
        {"on": "create", "text": "gateway", "http": 502, "body": "<html>bad</html>"},
        {"on": "create", "text": "lost", "http": 500, "accept": True},
        {"on": "create", "text": "words", "http": 503, "code": 455, "msg": "closed for repairs"},
        {"on": "create", "text": "large", "body_bytes": 3000000, "content_type": "application/json"},
        {"on": "status", "text": "state", "truncate": 50},
        {"on": "download", "text": "state", "to": 1, "truncate": 100},
        {"on": "download", "text": "state", "to": 2, "truncate_quietly": 100},
        {"on": "download", "text": "state", "to": 3, "no_length": True},
        {"on": "download", "text": "state", "to": 4, "stall_ms": 50},
        {"on": "download", "text": "state", "to": 5, "truncate": 0},
        {"on": "download", "text": "state", "to": 6, "truncate": 100000000},
        {"on": "download", "text": "state", "to": 7, "http": 403},
        {"on": "download", "text": "state", "to": 8, "no_length": True, "truncate": 100},
        {"on": "credits", "delay_ms": 300, "to": 1},
        {"on": "credits", "code": 401, "from": 2},
        {"on": "renew", "close": "after"},
    ]
    with Sandbox({**AT_ONCE, "faults": faults}) as sandbox:
        ok(broken(lambda: sandbox.create("before")), "fault: closed before")
        ok(broken(lambda: sandbox.create("after")), "fault: closed after")
        lines = sandbox.journal()
        equal([(line["http"], line["code"], line["accepted"], line["fault"]) for line in lines],
              [(0, None, False, 0), (0, None, True, 1)], "fault: only the second is accepted")
        equal(sandbox.status(lines[1]["task"])["data"]["state"], "success", "fault: and exists")
        equal([sandbox.create("limit")["code"] for _ in range(4)], [200, 429, 429, 200],
              "fault: from and to")
        headers = {"Content-Type": "application/json"}

        def post(prompt):
            body = json.dumps({"model": MODEL, "input": {"prompt": prompt, "aspect_ratio": "1:1",
                                                         "quality": "basic"}})
            return sandbox.request("POST", CREATE, body.encode(), headers)

        status, given, body = post("gateway")
        equal((status, given["Content-Type"], body), (502, "text/html", b"<html>bad</html>"),
              "fault: a gateway's page")
        status, _, body = post("lost")
        equal((status, json.loads(body)["code"]), (500, 500), "fault: an error")
        equal((sandbox.journal()[-1]["accepted"], sandbox.journal()[-1]["http"]), (True, 500),
              "fault: yet it was accepted")
        status, _, body = post("words")
        equal((status, json.loads(body)), (503, {"code": 455, "msg": "closed for repairs", "data": None}),
              "fault: its own words")
        equal(sandbox.journal()[-1]["accepted"], False, "fault: and it was not accepted")
        status, given, body = post("large")
        equal((given["Content-Type"], len(body), body[:1], body[1:].strip()),
              ("application/json", 3000000, b"{", b""), "fault: a large body")

        task = sandbox.order("state")
        ok(broken(lambda: sandbox.status(task)), "fault: a cut status")
        path = f"/r/{task}_1.png"
        ok(broken(lambda: sandbox.request("GET", path)), "fault: a cut picture")
        equal(len(sandbox.request("GET", path)[2]), 100, "fault: a picture cut quietly")
        _, given, body = sandbox.request("GET", path)
        equal((given["Content-Length"], png_size(body)), (None, (57, 32)), "fault: without a length")
        start = time.monotonic()
        body = sandbox.request("GET", path)[2]
        ok(png_size(body) and time.monotonic() - start >= 0.05, "fault: a pause in the middle")
        ok(broken(lambda: sandbox.request("GET", path)), "fault: nothing of the body")
        ok(png_size(sandbox.request("GET", path)[2]), "fault: a cut beyond the end is none")
        equal(sandbox.request("GET", path)[0], 403, "fault: an expired link")
        ok(broken(lambda: sandbox.request("GET", path)), "fault: cut without a length")
        ok(png_size(sandbox.request("GET", path)[2]), "fault: all over")
        start = time.monotonic()
        equal((sandbox.api("GET", CREDIT)["code"], time.monotonic() - start >= 0.3), (200, True),
              "fault: a delay")
        ok("data" not in sandbox.api("GET", CREDIT), "fault: a refused key has no data")
        ok(broken(lambda: sandbox.api("POST", RENEW, {"url": "x"})), "fault: renew")


def test_waiting_holds_up_nobody():
    faults = [{"on": "create", "delay_ms": HOUR}, {"on": "download", "stall_ms": HOUR}]
    with Sandbox({**AT_ONCE, "faults": faults}) as sandbox:
        waiting = [threading.Thread(target=broken, args=(sandbox.create,)) for _ in range(8)]
        for thread in waiting:
            thread.start()
        deadline = time.monotonic() + 30
        while len(sandbox.journal()) < 8 and time.monotonic() < deadline:
            time.sleep(0.01)
        equal(sum(line["accepted"] for line in sandbox.journal()), 8, "delay: all accepted, none answered")
        equal(sandbox.api("GET", CREDIT)["data"], 1000 - 8 * 6.5, "delay: others are answered")
        task = sandbox.journal()[0]["task"]
        connection = sandbox.connect()
        connection.request("GET", f"/r/{task}_1.png")
        answer = connection.getresponse()
        half = answer.read(int(answer.headers["Content-Length"]) // 2)
        ok(half[:4] == b"\x89PNG", "stall: half of it comes")
        idle = socket.create_connection((sandbox.host, sandbox.port))
        partial = socket.create_connection((sandbox.host, sandbox.port))
        partial.sendall(b"POST /api/v1/jobs/createTask HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{")
        start = time.monotonic()
        equal(sandbox.end(), 0, "ends cleanly with connections open")
        ok(time.monotonic() - start < 10, "and promptly", time.monotonic() - start)
        for thread in waiting:
            thread.join(30)
        ok(not any(thread.is_alive() for thread in waiting), "and everyone who waited is let go")
        connection.close()
        idle.close()
        partial.close()


def test_gates():
    with tempfile.TemporaryDirectory() as directory:
        def gate(name):
            return os.path.join(directory, name)

        def opened(name):
            with open(gate(name), "w", encoding="utf-8"):
                return gate(name)

        rules = [{"text": "one", "hold_in": "waiting", "gate": gate("one"), "queuing_ms": HOUR},
                 {"text": "two", "hold_in": "queuing", "gate": gate("two"), "generating_ms": HOUR},
                 {"text": "three", "hold_in": "generating", "gate": gate("three")},
                 {"text": "four", "hold_in": "generating", "gate": gate("four"), "state": "fail"},
                 {"text": "five", "hold_in": "waiting", "gate": gate("none"), "queuing_ms": HOUR}]
        faults = [{"on": "create", "text": "seven", "until": gate("create")},
                  {"on": "download", "text": "seven", "until": gate("download")}]
        scenario = {**AT_ONCE, "tasks": rules, "faults": faults, "hold_in": "waiting",
                    "gate": gate("all")}

        def state(sandbox, task):
            return sandbox.status(task)["data"]["state"]

        with Sandbox(scenario, directory=directory) as sandbox:
            tasks = {text: sandbox.order(text) for text in ("one", "two", "three", "four", "five", "six")}
            states = {text: state(sandbox, task) for text, task in tasks.items()}
            equal(states, {"one": "waiting", "two": "queuing", "three": "generating", "four": "generating",
                           "five": "waiting", "six": "waiting"}, "gate: each is held where it is said")
            equal(sandbox.request("GET", f"/r/{tasks['three']}_1.png")[0], 404, "gate: no picture yet")
            for text, then in (("one", "queuing"), ("two", "generating"), ("three", "success"),
                               ("four", "fail")):
                opened(text)
                equal(state(sandbox, tasks[text]), then, f"gate: {text} goes on")
            data = sandbox.status(tasks["three"])["data"]
            ok(data["completeTime"] >= data["createTime"], "gate: the end is when it was opened", data)
            equal(state(sandbox, tasks["six"]), "waiting", "gate: the others are still held")
            opened("all")
            equal(state(sandbox, tasks["six"]), "success", "gate: the scenario's own")
            equal(state(sandbox, tasks["five"]), "waiting", "gate: a rule's counts before it")
            os.unlink(gate("three"))
            equal(sandbox.status(tasks["three"])["data"], data, "gate: once open, open for that task")
            equal(state(sandbox, sandbox.order("three")), "generating", "gate: closed for the next one")
        with Sandbox(scenario, directory=directory) as sandbox:
            equal(state(sandbox, tasks["one"]), "queuing", "gate: open after a restart")
            equal(state(sandbox, tasks["five"]), "waiting", "gate: closed after a restart")
            answers = []
            thread = threading.Thread(target=lambda: answers.append(sandbox.create("seven")))
            thread.start()
            eventually(lambda: sandbox.journal()[-1].get("accepted"), "gate: the order is accepted")
            equal(answers, [], "gate: but its answer waits")
            opened("create")
            thread.join(60)
            equal([answer["code"] for answer in answers], [200], "gate: until it is opened")
            connection = sandbox.connect()
            connection.request("GET", f"/r/{answers[0]['data']['taskId']}_1.png")
            answer = connection.getresponse()
            size = int(answer.headers["Content-Length"])
            data = answer.read(size // 2)
            opened("download")
            data += answer.read()
            ok(len(data) == size and png_size(data), "gate: the other half of the picture")
            connection.close()


def journal_line(task, created_ms, prompt):
    return json.dumps({"time_ms": created_ms, "request": "create", "path": CREATE, "accepted": True, "task": task,
                       "charged": 6.5, "body": {"model": MODEL, "input": {
                           "prompt": prompt, "aspect_ratio": "1:1", "quality": "basic"}}}) + "\n"


def test_restart():
    scenario = {**AT_ONCE, "generating_ms": HOUR,
                "faults": [{"on": "create", "text": "once", "to": 1, "code": 500}]}
    with tempfile.TemporaryDirectory() as directory:
        with Sandbox(scenario, directory=directory) as sandbox:
            task = sandbox.order("a fox")
            before = sandbox.status(task)
            equal(sandbox.create("once")["code"], 500, "restart: a fault is used up")
        with open(os.path.join(directory, "journal"), "a", encoding="utf-8") as file:
            file.write(journal_line("a" * 32, int(time.time() * 1000) - 2 * HOUR, "an old one"))
            file.write(journal_line("b" * 32, 1, "cut")[:-20])
        with Sandbox(scenario, directory=directory) as sandbox:
            equal(sandbox.status(task), before, "restart: the task is the same")
            data = sandbox.status("a" * 32)["data"]
            equal((data["state"], data["costTime"]), ("success", 3600), "restart: time went on")
            equal(sandbox.status("b" * 32)["code"], 422, "restart: the cut line is no task")
            equal(sandbox.api("GET", CREDIT)["data"], 1000 - 2 * 6.5, "restart: the balance")
            equal(sandbox.create("once")["code"], 200, "restart: the fault stays used up")
            ok(all(isinstance(line, dict) for line in sandbox.journal()), "restart: all lines are whole")
    with Sandbox(scenario, journal=False) as sandbox:
        equal(sandbox.create()["code"], 200, "no journal is needed")


def run(*args, **more):
    done = subprocess.run([PROGRAM, *args], stdin=subprocess.DEVNULL, capture_output=True, text=True,
                          timeout=60, check=False, **more)
    return done.returncode, done.stderr, done.stdout


def test_start():
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "file")

        def refused(content, *words):
            with open(path, "w", encoding="utf-8") as file:
                file.write(content if isinstance(content, str) else json.dumps(content))
            status, text, _ = run("--scenario", path, "--until-eof")
            ok(status == 1 and path in text and all(word in text for word in words),
               f"scenario: {str(content)[:50]}", (status, text))

        refused("{", "JSON")
        refused("[]", "object")
        refused({"speed": 1}, "speed")
        refused({"waiting_ms": -1}, "waiting_ms")
        refused({"waiting_ms": "1"}, "waiting_ms")
        refused({"balance": -1}, "balance")
        refused({"scale": 0}, "scale")
        refused({"scale": 2}, "scale")
        refused({"rate": {"count": 1}}, "rate", "period_ms")
        refused({"rate": {"count": 0, "period_ms": 1}}, "rate", "count")
        refused({"faults": {}}, "faults")
        refused({"faults": [{"on": "create"}, {}]}, "faults[1]", "on")
        refused({"faults": [{"on": "other"}]}, "faults[0]", "create, status")
        refused({"faults": [{"on": "create", "when": 1}]}, "faults[0]", "when")
        refused({"faults": [{"on": "create", "from": 2, "to": 1}]}, "faults[0]")
        refused({"faults": [{"on": "create", "http": 99}]}, "http")
        refused({"faults": [{"on": "create", "close": "now"}]}, "close", "before, after")
        refused({"faults": [{"on": "create", "accept": 1}]}, "accept")
        refused({"faults": [{"on": "create", "body": "x", "body_bytes": 1}]}, "body_bytes")
        refused({"faults": [{"on": "create", "truncate": 1, "truncate_quietly": 1}]}, "truncate")
        refused({"faults": [{"on": "create", "content_type": "x"}]}, "content_type")
        refused({"faults": [{"on": "create"}] * 1001}, "faults")
        refused({"tasks": [{"state": "done"}]}, "tasks[0]", "success, fail")
        refused({"tasks": [{"format": "gif"}]}, "png, jpeg, webp")
        refused({"tasks": [{"result": "x"}]}, "tasks[0]", "result")
        refused({"tasks": [{"pictures": 17}]}, "pictures")
        refused({"tasks": [{"width": 0}]}, "width")
        refused({"tasks": [{"hold_in": "success", "gate": "x"}]}, "hold_in", "waiting, queuing")
        refused({"tasks": [{"hold_in": "waiting"}]}, "tasks[0]", "gate")
        refused({"gate": "x"}, "hold_in")
        refused({"tasks": [1]}, "tasks[0]")

        with open(path, "w", encoding="utf-8") as file:
            file.write('{"request": "other"}\nnonsense\n{}\n')
        status, text, _ = run("--journal", path, "--until-eof")
        ok(status != 0 and "line 2" in text, "journal: a bad line in the middle", text)
        missing = os.path.join(directory, "none", "file")
        for option in ("--scenario", "--journal"):
            status, text, _ = run(option, missing, "--until-eof")
            ok(status == 2 and missing in text, f"{option}: no such directory", text)
    for listen in ("0.0.0.0:0", "192.0.2.1:0", "[::]:0", "example.org:1", "127.0.0.1", "127.0.0.1:65536",
                   "127.0.0.1:x", ":1", ""):
        status, text, _ = run("--listen", listen, "--until-eof")
        ok(status == 1 and "--listen" in text, f"--listen {listen} is refused", (status, text))
    equal(run("--nonsense")[0], 1, "an unknown option")
    equal(run("argument")[0], 1, "an argument")
    equal((run("--help")[0], run("--version")[0]), (0, 0), "help and version")
    with Sandbox() as sandbox:
        address = f"{sandbox.host}:{sandbox.port}"
        status, text, _ = run("--listen", address, "--until-eof")
        ok(status == 2 and address in text and "in use" in text, "a port that is in use", text)
    for number in (signal.SIGTERM, signal.SIGINT):
        with Sandbox() as sandbox:
            sandbox.process.send_signal(number)
            equal(sandbox.process.wait(30), 0, f"{number.name} ends it")
            sandbox.process.stdin.close()
            sandbox.process.stdout.close()
    with Sandbox(args=("--listen", "localhost:0")) as sandbox:
        equal(sandbox.api("GET", CREDIT)["code"], 200, "localhost")
    if os.path.exists("/proc/net/if_inet6"):
        with Sandbox(AT_ONCE, args=("--listen", "[::1]:0")) as sandbox:
            path = sandbox.picture_path(sandbox.order())
            equal(sandbox.request("GET", path)[0], 200, "IPv6")


def test_many_at_once():
    with Sandbox({**AT_ONCE, "balance": 10000}) as sandbox:
        results = []

        def one(number):
            task = sandbox.order(f"number {number}")
            results.append(png_size(sandbox.request("GET", sandbox.picture_path(task))[2]))

        threads = [threading.Thread(target=one, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(120)
        equal(results, [(57, 32)] * 24, "24 clients at once")
        lines = sandbox.journal()
        equal(len({line["task"] for line in lines if line.get("accepted")}), 24, "24 tasks")
        connection = sandbox.connect()
        for _ in range(3):
            connection.request("GET", CREDIT)
            answer = json.loads(connection.getresponse().read())
        equal(answer["code"], 200, "several requests on one connection")
        connection.close()


run_tests(test_keys, test_create, test_status, test_results, test_money_and_rates, test_pictures,
          test_renew, test_faults, test_waiting_holds_up_nobody, test_gates, test_restart, test_start,
          test_many_at_once)
