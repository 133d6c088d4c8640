#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pictures that go in: uploads, data: URLs, addresses, and what comes of them.

usage: test-references.py PROGRAM
"""

import base64
import hashlib
import json
import os
import struct
import tempfile
import threading
import zlib

from client import (AT_ONCE, CREATE, CREDIT, HOUR, STATUS, Sandbox, broken, equal, eventually, jpeg_size, ok,
                    png_make, png_rows, png_size, run_tests, share_of, webp_size)
from pictures import BLUE, CLEAR, FILES, GREEN, QUARTERS, RED, YELLOW

STREAM = "/api/file-stream-upload"
BASE64 = "/api/file-base64-upload"
PINK = (255, 0, 200)
PAPER = (245, 242, 230)
FULL = {**AT_ONCE, "scale": 0.1, "balance": 100000}
LINE = b"\r\n"


def form(parts, boundary="xyzzy"):
    """Body and headers; a part is (name, file name or None, bytes)."""
    body = b""
    for name, file_name, content in parts:
        body += b"--" + boundary.encode() + LINE
        body += f'Content-Disposition: form-data; name="{name}"'.encode()
        if file_name is not None:
            body += f'; filename="{file_name}"'.encode() + LINE + b"Content-Type: image/png"
        body += LINE + LINE + content + LINE
    body += b"--" + boundary.encode() + b"--" + LINE
    return body, {"Content-Type": f"multipart/form-data; boundary={boundary}"}


class Studio(Sandbox):
    def __init__(self, scenario=None, dialect="kie", **more):
        super().__init__(scenario or FULL, dialect=dialect, **more)

    def stream(self, parts, headers=None):
        body, given = form(parts)
        status, _, answer = self.request("POST", STREAM, body, {**given, **(headers or {})})
        return status, json.loads(answer)

    def upload(self, content, name="a.png", folder="darkroom"):
        """The address."""
        status, answer = self.stream([("file", name, content), ("uploadPath", None, folder.encode()),
                                      ("fileName", None, name.encode())])
        assert status == 200, answer
        return answer["data"]["downloadUrl"]

    def order(self, model, **given):
        return self.api("POST", CREATE, {"model": model, "input": given})

    def record(self, model, **given):
        answer = self.order(model, **given)
        assert answer["code"] == 200, answer
        return self.api("GET", STATUS + "?taskId=" + answer["data"]["taskId"])["data"]

    def pictures(self, model, **given):
        record = self.record(model, **given)
        assert record["state"] == "success", record
        return [self.request("GET", url[len(self.url):])[2]
                for url in json.loads(record["resultJson"])["resultUrls"]]

    def edited(self, *urls):
        return self.pictures("google/nano-banana-edit", prompt="fox", image_urls=list(urls))[0]

    def path(self, url):
        assert url.startswith(self.url + "/uploads/"), url
        return url[len(self.url):]


def test_stream_upload():
    pink = png_make(30, 20, PINK)
    with Studio(key="right") as studio:
        good = {"Authorization": "Bearer right"}
        parts = [("file", "holiday photo.png", pink), ("uploadPath", None, b"darkroom/x"),
                 ("fileName", None, b"one.png")]
        status, answer = studio.stream(parts, good)
        data = answer.pop("data")
        uploaded = data.pop("uploadedAt")
        equal((status, answer), (200, {"success": True, "code": 200, "msg": "File uploaded successfully"}),
              "upload: the answer")
        ok(uploaded.endswith("Z"), "upload: the time", uploaded)
        path = "kieai/sandbox/darkroom/x/one.png"
        equal(data, {"success": True, "fileName": "one.png", "filePath": path,
                     "downloadUrl": f"{studio.url}/uploads/{path}", "fileSize": len(pink),
                     "mimeType": "image/png"}, "upload: what is told of the file")
        status, headers, content = studio.request("GET", "/uploads/" + path)
        equal((status, headers["Content-Type"], content), (200, "image/png", pink), "upload: it is there")
        equal(studio.request("HEAD", "/uploads/" + path)[0], 200, "upload: HEAD")
        lines = studio.journal()
        line = {key: lines[0].get(key) for key in ("request", "stored", "size", "file_name", "sha256", "fields",
                                                   "has_key", "authorized", "http", "code")}
        equal(line, {"request": "upload", "stored": True, "size": len(pink), "file_name": "holiday photo.png",
                     "sha256": hashlib.sha256(pink).hexdigest(), "has_key": True, "authorized": True,
                     "fields": {"uploadPath": "darkroom/x", "fileName": "one.png"}, "http": 200, "code": 200},
              "upload: the journal")
        equal([line["request"] for line in lines[1:]], ["file", "file"], "upload: fetching it")
        ok(os.path.getsize(studio.journal_path) < 2000, "upload: no bytes in the journal")
        status, answer = studio.stream(parts)
        equal((status, answer), (401, {"success": False, "code": 401,
                                       "msg": "Authentication failed: Invalid API Key"}), "upload: no key")
        equal(studio.journal()[-1]["stored"], False, "upload: nothing is kept without one")
        equal(studio.request("GET", STREAM)[0], 405, "upload: by GET")
    with Studio() as studio:
        def refused(parts, words, headers=None):
            status, answer = studio.stream(parts, headers)
            equal((status, answer["code"], answer["success"]), (400, 400, False), "upload: " + words)
            ok(words in answer["msg"], f"upload: {words}, in words", answer)

        file, folder = ("file", "a.png", pink), ("uploadPath", None, b"x")
        refused([file], "uploadPath")
        refused([folder], "file")
        refused([("file", None, pink), folder], "file")
        refused([("picture", "a.png", pink), folder], "file")
        for bad in (b"/x", b"x/", b"../x", b"x/../../y", b"\xff", b"x" * 300):
            refused([file, ("uploadPath", None, bad)], "uploadPath")
        refused([file, folder, ("fileName", None, b"a/b.png")], "fileName")
        refused([file, folder], "multipart", {"Content-Type": "image/png"})
        refused([file, folder], "multipart", {"Content-Type": "multipart/form-data; boundary=other"})
        refused([file, folder], "multipart", {"Content-Type": "multipart/form-data"})
        refused([file] + [folder] * 20, "multipart")
        body, headers = form([file, folder])
        for cut in (0, 10, len(body) // 2, len(body) - 6):
            equal(studio.request("POST", STREAM, body[:cut], headers)[0], 400, f"upload: cut at {cut}")
        first, second = (studio.stream([file, folder])[1]["data"] for _ in range(2))
        ok(first["fileName"] != second["fileName"] and first["fileName"].endswith(".png"),
           "upload: names are made up", (first, second))
        one = studio.upload(pink, "same.png")
        two = studio.upload(png_make(5, 5, PAPER), "same.png")
        equal((one, studio.request("GET", studio.path(two))[2]), (two, pink),
              "upload: the same name gives the first bytes, as a cache would")
        url = studio.upload(pink, "späte Blüte 1%.png")
        ok(url.endswith("/sp%C3%A4te%20Bl%C3%BCte%201%25.png"), "upload: a name with all kinds of characters", url)
        equal(studio.request("GET", studio.path(url))[2], pink, "upload: is found again")
        ok(share_of(studio.edited(url), PINK) > 0.1, "upload: and its address can be used")
        status, answer = studio.stream([("file", "", pink), folder])
        equal(status, 200, "upload: a file without a name")
        status, _, answer = studio.request("POST", STREAM, b"x" * (113 << 20), headers)
        equal((status, json.loads(answer)["code"]), (413, 413), "upload: a body beyond all limits")
        status, answer = studio.stream([("file", "a.png", bytes(101 << 20)), folder])
        equal((status, "exceeds" in answer["msg"]), (400, True), "upload: a file beyond the limit")


def test_base64_upload():
    pink = png_make(30, 20, PINK)
    text = base64.b64encode(pink).decode()
    with Studio() as studio:
        for name, data in (("raw", text), ("data", "data:image/png;base64," + text)):
            answer = studio.api("POST", BASE64, {"base64Data": data, "uploadPath": "x", "fileName": name})
            equal(answer["code"], 200, f"base64: {name}")
            equal(studio.request("GET", studio.path(answer["data"]["downloadUrl"]))[2], pink,
                  f"base64: {name} is there")
        line = [line for line in studio.journal() if line["request"] == "upload"][-1]
        equal((line["fields"], line["size"]), ({"uploadPath": "x", "fileName": "data"}, len(pink)),
              "base64: the journal")
        for data, words in ((text[:-1], "Base64"), (text + "====", "Base64"), ("", "Base64"), (None, "base64Data"),
                            (7, "base64Data"), (text[:8] + "*" + text[9:], "Base64")):
            answer = studio.api("POST", BASE64, {"base64Data": data, "uploadPath": "x"})
            equal((answer["code"], words in answer["msg"]), (400, True), f"base64: not {str(data)[-9:]}")
        answer = studio.api("POST", BASE64, {"base64Data": text})
        equal(answer["msg"], "Missing required parameter: uploadPath", "base64: no path")
        equal(studio.api("POST", BASE64, b"{")["code"], 400, "base64: no JSON")


def test_scenes():
    """The pictures that go in are seen in the one that comes out, whatever their format."""
    pink = png_make(64, 48, PINK)
    rules = [{"text": kind, "format": kind, "width": 64, "height": 48} for kind in ("jpeg", "webp")]
    with Studio({**FULL, "tasks": rules}) as studio:
        url = studio.upload(pink)
        with_it = studio.edited(url)
        without = studio.pictures("google/nano-banana", prompt="fox")[0]
        ok(png_size(with_it) == png_size(without) and share_of(without, PINK) == 0,
           "scene: nothing of it without")
        ok(share_of(with_it, PINK) > 0.1, "scene: one picture", share_of(with_it, PINK))
        ok(studio.edited(url) == with_it, "scene: the same again")
        colors = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 0), (0, 255, 255), (255, 0, 255)]
        urls = [studio.upload(png_make(9, 9, color), f"{i}.png") for i, color in enumerate(colors)]
        many = studio.edited(*urls)
        ok(all(share_of(many, color) > 0.005 for color in colors), "scene: six pictures",
           [share_of(many, color) for color in colors])
        for kind, reader in (("jpeg", jpeg_size), ("webp", webp_size)):
            given = {"prompt": kind, "image_urls": [url]}
            content = studio.pictures("google/nano-banana-edit", **given)[0]
            equal(reader(content), (64, 48), f"scene: a {kind} with a picture in it")
            ok(share_of(studio.edited(studio.upload(content, kind)), PINK, 60) > 0.01,
               f"scene: and that {kind} in another one")
        elsewhere = studio.edited("https://example.org/cat.png")
        ok(share_of(elsewhere, PAPER) > 0.1, "scene: an address elsewhere is a sheet of paper")
        with_both = studio.edited(url, "https://example.org/cat.png")
        ok(share_of(with_both, PAPER) > 0.02 and share_of(with_both, PINK) > 0.02, "scene: both")
        line = studio.journal()[-3]
        equal(line["references"], [{"address": url, "sha256": hashlib.sha256(pink).hexdigest()},
                                   {"address": "https://example.org/cat.png"}], "scene: the journal")
        ratio = studio.pictures("google/nano-banana-edit", prompt="fox", image_urls=[url],
                                aspect_ratio="auto")[0]
        equal(png_size(ratio), (118, 89), "scene: a ratio as the picture's")


def places(picture, color, tolerance=45):
    """The pixels of a PNG that have this colour, nearly: their share, and their middle."""
    found = total = across = down = 0
    for y, row in enumerate(png_rows(picture)):
        for x in range(len(row) // 3):
            total += 1
            if all(abs(row[3 * x + i] - color[i]) <= tolerance for i in range(3)):
                found, across, down = found + 1, across + x, down + y
    return found / total, across / max(found, 1), down / max(found, 1)


def test_formats():
    """Each quarter of a picture that another program made is in its place in the result."""
    with Studio() as studio:
        without = studio.pictures("google/nano-banana", prompt="fox")[0]
        ok(all(places(without, color)[0] < 0.005 for color in QUARTERS), "formats: nothing of it without",
           [places(without, color) for color in QUARTERS])
        for name, content in FILES.items():
            url = studio.upload(content, name.replace(" ", "-"))
            for where, model, given in (("hung up", "google/nano-banana-edit", {"image_urls": [url]}),
                                        ("larger", "topaz/image-upscale",
                                         {"image_url": url, "upscale_factor": "4"})):
                picture = studio.pictures(model, prompt="fox", **given)[0]
                seen = {color: places(picture, color) for color in QUARTERS}
                ok(all(share > 0.05 for share, _, _ in seen.values()), f"{name}: {where}: all four colours", seen)
                (_, red_x, red_y), (_, green_x, green_y) = seen[RED], seen[GREEN]
                (_, blue_x, blue_y), (_, yellow_x, yellow_y) = seen[BLUE], seen[YELLOW]
                ok(max(red_x, blue_x) + 10 < min(green_x, yellow_x) and
                   max(red_y, green_y) + 10 < min(blue_y, yellow_y), f"{name}: {where}: in their places", seen)
        url = studio.upload(CLEAR, "clear")
        for model, given in (("google/nano-banana-edit", {"image_urls": [url]}),
                             ("topaz/image-upscale", {"image_url": url, "upscale_factor": "4"})):
            picture = studio.pictures(model, prompt="fox", **given)[0]
            ok(places(picture, RED)[0] < 0.005 and places(picture, GREEN)[0] > 0.05,
               f"{model}: what is transparent is not seen")
            ok(places(picture, (204, 204, 204), 3)[0] > 0.03, f"{model}: but that it is",
               places(picture, (204, 204, 204), 3))


def test_alone():
    """Models that make the picture that goes in over."""
    with Studio() as studio:
        url = studio.upload(png_make(30, 20, PINK))
        for factor, size in (("1", (30, 20)), ("2", (60, 40)), ("4", (120, 80))):
            picture = studio.pictures("topaz/image-upscale", image_url=url, upscale_factor=factor)[0]
            equal((png_size(picture), share_of(picture, PINK)), (size, 1), f"upscale: {factor} times")
        equal(png_size(studio.pictures("recraft/crisp-upscale", image=url)[0]), (60, 40), "upscale: crisp")
        wide = studio.upload(png_make(3000, 10, PINK), "wide.png")
        given = {"image_url": wide, "upscale_factor": "4"}
        equal(png_size(studio.pictures("topaz/image-upscale", **given)[0])[0], 8192, "upscale: has an end")
        charged = [line["charged"] for line in studio.journal() if line.get("accepted")]
        equal(charged, [10, 10, 10, 0.5, 40], "upscale: what it costs")
        picture = studio.pictures("recraft/remove-background", image=url)[0]
        rows = png_rows(picture)
        equal((png_size(picture), rows[10][45:48]), ((30, 20), bytes(PINK)), "cutout: the middle stays")
        ok(rows[0][:3] in (b"\xff\xff\xff", b"\xcc\xcc\xcc") and 0.4 < share_of(picture, PINK) < 0.8,
           "cutout: the ground is checked", rows[0][:3])
        picture = studio.pictures("ideogram/v3-reframe", image_url=url, image_size="portrait_16_9")[0]
        rows = png_rows(picture)
        equal((png_size(picture), rows[51][87:90]), ((58, 102), bytes(PINK)), "reframe: whole, in the middle")
        ok(0.2 < share_of(picture, PINK) < 0.6, "reframe: with a scene around it")
        pictures = studio.pictures("seedream/5-pro-layer-decomposition", image_url=url, output_format="png")
        equal([png_size(picture) for picture in pictures], [(30, 20)] * 4, "layers: four")
        equal(share_of(pictures[0], PINK), 1, "layers: the base")
        ok(all(0.2 < share_of(picture, PINK) < 0.5 for picture in pictures[1:]), "layers: parts of it")
        equal(studio.journal()[-6]["charged"], 28, "layers: each costs")
        kinds = [picture[:2] for picture in
                 studio.pictures("seedream/5-pro-layer-decomposition", image_url=url, size="1K")]
        equal(kinds, [b"\xff\xd8"] + [b"\x89P"] * 3, "layers: only the base is a JPEG")
        picture = studio.pictures("topaz/image-upscale", image_url="https://example.org/x.png",
                                  upscale_factor="2")[0]
        ok(png_size(picture) == (205, 205) and share_of(picture, PAPER) > 0.3, "upscale: of another address")


def test_lost():
    """Pictures that the service cannot fetch."""
    pink = png_make(30, 20, PINK)
    with Studio({**FULL, "upload_keep_ms": 0}) as studio:
        url = studio.upload(pink)
        equal(studio.request("GET", studio.path(url))[0], 404, "lost: an expired address")
        record = studio.record("recraft/remove-background", image=url)
        equal((record["state"], record["resultJson"]), ("fail", ""), "lost: the task fails")
        ok("image" in record["failMsg"] and url in record["failMsg"], "lost: and says why", record["failMsg"])
        equal(studio.api("GET", CREDIT)["data"], 100000, "lost: it is free")
    with Studio() as studio:
        for name, url in (("never there", studio.url + "/uploads/kieai/sandbox/x.png"),
                          ("no picture", studio.upload(b"hello")), ("cut", studio.upload(pink[:20], "cut")),
                          ("large", studio.upload(png_make(30, 20, PINK) + bytes(5 << 20), "large"))):
            record = studio.record("recraft/remove-background", image=url)
            equal(record["state"], "fail", f"lost: {name}")
        data = "data:image/png;base64," + base64.b64encode(pink).decode()
        equal(studio.order("recraft/remove-background", image=data)["code"], 422, "lost: kie takes no data")
        broken_file = png_make(30, 20, PINK)[:60]
        ok(share_of(studio.edited(studio.upload(broken_file, "broken")), PAPER) > 0.1,
           "lost: a broken file is a sheet of paper")


def png_large(side, padding=0):
    """One bit a pixel, all white, and bytes behind its end."""
    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))
    rows = (b"\0" + b"\xff" * ((side + 7) // 8)) * side
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"") + bytes(padding))


def test_large():
    with Studio() as studio:
        url = studio.upload(png_large(8192), "large.png")
        white = share_of(studio.edited(url), (255, 255, 255))
        ok(white > 0.1, "large: 8192 x 8192 is drawn", white)
        record = studio.record("google/nano-banana-edit", prompt="fox",
                               image_urls=[studio.upload(png_large(8193), "larger.png")])
        equal(record["state"], "fail", "large: no more than 8192 x 8192")
        url = studio.upload(png_large(100, 99 << 20), "padded.png")
        equal(studio.record("wan/2-7-image", prompt="fox", n=1, input_urls=[url])["state"], "success",
              "large: 99 MiB for a model that takes as many")
        equal(studio.record("google/nano-banana-edit", prompt="fox", image_urls=[url])["state"], "fail",
              "large: 99 MiB for one that does not")


def test_data():
    pink = png_make(64, 48, PINK)
    data = "data:image/png;base64," + base64.b64encode(pink).decode()
    large = "data:image/png;base64," + base64.b64encode(pink + bytes(6 << 20)).decode()
    with tempfile.TemporaryDirectory() as directory:
        with Studio(dialect="liangxin", directory=directory) as studio:
            given = {"prompt": "fox", "reference_images": [data]}
            picture = studio.pictures("seedream-v4-5-edit", **given)[0]
            ok(share_of(picture, PINK) > 0.05, "data: it is seen", share_of(picture, PINK))
            answer = studio.order("seedream-v4-5-edit", prompt="fox", reference_images=[large, large])
            equal(answer["code"], 200, "data: large ones")
            task = answer["data"]["taskId"]
            line = studio.journal()[-1]
            equal([note["sha256"] for note in line["references"]],
                  [hashlib.sha256(pink + bytes(6 << 20)).hexdigest()] * 2, "data: the journal")
            ok(os.path.getsize(studio.journal_path) < 10000, "data: no bytes in the journal")
            record = studio.api("GET", STATUS + "?taskId=" + task)["data"]
            ok(len(record["param"]) < 1000, "data: nor in the record")
            for bad in ("data:image/png;base64,***=", "data:image/png,abc", "data:", "data:text/plain;base64,aGVsbG8=",
                        studio.url + "/uploads/x.png"):
                status, _, answer = studio.request(
                    "POST", CREATE, json.dumps({"model": "seedream-v4-5-edit", "input": {
                        "prompt": "fox", "reference_images": [bad]}}), {"Content-Type": "application/json"})
                equal((status, json.loads(answer)["code"]), (422, 422), f"data: not {bad[:40]}")
            equal(studio.stream([("file", "a.png", pink)])[0], 404, "data: this service takes no uploads")
        with Studio(dialect="liangxin", directory=directory) as studio:
            again = studio.api("GET", STATUS + "?taskId=" + task)["data"]
            equal((again["state"], again["param"]), ("success", record["param"]), "data: after a restart")


def test_faults():
    pink = png_make(30, 20, PINK)
    with tempfile.TemporaryDirectory() as directory:
        gate = os.path.join(directory, "gate")
        slow = os.path.join(directory, "slow")
        faults = [{"on": "upload", "text": "gateway", "http": 502, "body": "<html>"},
                  {"on": "upload", "text": "empty", "body": json.dumps({"success": True, "code": 200, "data": {}})},
                  {"on": "upload", "text": "closed", "close": "after"},
                  {"on": "upload", "text": "server", "code": 500},
                  {"on": "upload", "text": "words", "http": 200, "code": 429, "msg": "slower"},
                  {"on": "upload", "text": "named", "until": slow},
                  {"on": "upload", "from": 7, "to": 7, "until": gate},
                  {"on": "file", "http": 403, "to": 1}]
        with Studio({**FULL, "faults": faults}, directory=directory) as studio:
            parts = {name: [("file", name, pink), ("uploadPath", None, b"x")]
                     for name in ("gateway", "empty", "closed", "server", "words", "named")}
            body, headers = form(parts["gateway"])
            status, given, answer = studio.request("POST", STREAM, body, headers)
            equal((status, given["Content-Type"], answer), (502, "text/html", b"<html>"), "fault: a gateway's page")
            equal(studio.stream(parts["empty"])[1]["data"], {}, "fault: no address")
            ok(broken(lambda: studio.stream(parts["closed"])), "fault: closed")
            equal([line["stored"] for line in studio.journal()], [False, False, True],
                  "fault: what was kept nevertheless")
            equal(studio.stream(parts["server"])[0], 500, "fault: a code has its status")
            status, answer = studio.stream(parts["words"])
            equal((status, answer), (200, {"success": False, "code": 429, "msg": "slower"}), "fault: own words")
            answers = []
            thread = threading.Thread(target=lambda: answers.append(studio.stream(parts["named"])))
            thread.start()
            eventually(lambda: len(studio.journal()) == 6, "fault: the file has arrived")
            equal(answers, [], "fault: its answer waits")
            with open(slow, "w", encoding="utf-8"):
                pass
            thread.join(60)
            equal([status for status, _ in answers], [200], "fault: until the gate opens")
            connection = studio.connect()
            body, headers = form([("file", "half", bytes(32 << 20)), ("uploadPath", None, b"x")])
            sent = []

            def send():
                connection.putrequest("POST", STREAM)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    connection.putheader(name, value)
                connection.endheaders()
                for start in range(0, len(body), 65536):
                    connection.send(body[start:start + 65536])
                    sent.append(start)

            thread = threading.Thread(target=send)
            thread.start()
            eventually(lambda: len(sent) * 65536 > len(body) // 2, "fault: half of the file is taken")
            for _ in range(300):
                studio.api("GET", CREDIT)
            ok("upload" not in [line["request"] for line in studio.journal()[6:]], "fault: and no more")
            with open(gate, "w", encoding="utf-8"):
                pass
            thread.join(60)
            answer = connection.getresponse()
            url = json.loads(answer.read())["data"]["downloadUrl"]
            equal(answer.status, 200, "fault: the other half")
            connection.close()
            equal(studio.request("GET", studio.path(url))[0], 403, "fault: a file is not given")
            equal(studio.request("GET", studio.path(url))[0], 200, "fault: but the second time")
        stop = {**FULL, "faults": [{"on": "upload", "until": gate + "never"}]}
        with Studio(stop, directory=directory) as studio:
            thread = threading.Thread(target=broken, args=(lambda: studio.upload(bytes(1 << 20)),))
            thread.start()
            equal(studio.end(), 0, "fault: ends cleanly while an upload waits")
            thread.join(60)
            ok(not thread.is_alive(), "fault: and lets it go")


def test_restart():
    pink = png_make(30, 20, PINK)
    scenario = {**FULL, "tasks": [{"text": "later", "generating_ms": HOUR}]}
    with tempfile.TemporaryDirectory() as directory:
        with Studio(scenario, directory=directory) as studio:
            url = studio.upload(pink)
            record = studio.record("google/nano-banana-edit", prompt="fox", image_urls=[url])
            lost = studio.record("google/nano-banana-edit", prompt="fox",
                                 image_urls=[studio.url + "/uploads/x"])
            studio.order("google/nano-banana-edit", prompt="later", image_urls=[url])
        with Studio(scenario, directory=directory) as studio:
            equal(studio.request("GET", "/uploads/kieai/sandbox/darkroom/a.png")[0], 404,
                  "restart: uploads are forgotten")
            for before in (record, lost):
                task = before["taskId"]
                after = studio.api("GET", STATUS + "?taskId=" + task)["data"]
                equal([after[key] for key in ("state", "failMsg", "createTime")],
                      [before[key] for key in ("state", "failMsg", "createTime")],
                      f"restart: the task that was {before['state']}")
            status, _, picture = studio.request("GET", f"/r/{record['taskId']}_1.png")
            ok(status == 200 and share_of(picture, PAPER) > 0.1, "restart: a sheet of paper for the picture")


run_tests(test_stream_upload, test_base64_upload, test_scenes, test_formats, test_alone, test_lost, test_large,
          test_data, test_faults, test_restart)
