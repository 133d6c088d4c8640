# SPDX-License-Identifier: MIT
"""A running darkroom-sandbox, seen by the tests of it."""

import http.client
import json
import os
import struct
import subprocess
import sys
import tempfile
import time
import zlib

PROGRAM = sys.argv[1]
MODEL = "seedream/4.5-text-to-image"
CREATE = "/api/v1/jobs/createTask"
STATUS = "/api/v1/jobs/recordInfo"
CREDIT = "/api/v1/chat/credit"
RENEW = "/api/v1/common/download-url"
HOUR = 3600 * 1000
AT_ONCE = {"waiting_ms": 0, "queuing_ms": 0, "generating_ms": 0, "scale": 0.02,
           "rate": {"count": 1000000, "period_ms": 1}, "status_rate": {"count": 1000000, "period_ms": 1}}

count = failed = 0


def ok(good, name, detail=None):
    global count, failed
    count += 1
    print(("ok" if good else "not ok"), count, "-", name, flush=True)
    if not good:
        failed += 1
        if detail is not None:
            print("# got:", repr(detail)[:1000], flush=True)


def equal(got, expected, name):
    ok(got == expected, name, got)


class Sandbox:
    """One running program, in a directory of its own."""

    def __init__(self, scenario=None, key=None, directory=None, journal=True, args=(), dialect=None):
        self.own = None if directory else tempfile.TemporaryDirectory()
        self.directory = directory or self.own.name
        self.journal_path = os.path.join(self.directory, "journal")
        command = [PROGRAM, "--until-eof", *args]
        if dialect:
            command += ["--dialect", dialect]
        if scenario is not None:
            path = os.path.join(self.directory, "scenario")
            with open(path, "w", encoding="utf-8") as file:
                json.dump(scenario, file)
            command += ["--scenario", path]
        if key:
            command += ["--key", key]
        if journal:
            command += ["--journal", self.journal_path]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        text=True)
        line = self.process.stdout.readline().strip()
        assert line.startswith("listening on http://"), line
        self.url = line.split()[-1]
        self.host, port = self.url[len("http://"):].rsplit(":", 1)
        self.host, self.port = self.host.strip("[]"), int(port)

    def connect(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=60)

    def request(self, method, path, body=None, headers=None):
        """Status, headers and the whole body."""
        connection = self.connect()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def api(self, method, path, body=None, headers=None):
        if body is not None:
            headers = {"Content-Type": "application/json", **(headers or {})}
            body = body if isinstance(body, bytes) else json.dumps(body).encode()
        return json.loads(self.request(method, path, body, headers)[2])

    def create(self, prompt="a fox", headers=None, **changes):
        given = {"prompt": prompt, "aspect_ratio": "16:9", "quality": "basic", **changes}
        given = {key: value for key, value in given.items() if value is not None}
        return self.api("POST", CREATE, {"model": MODEL, "input": given}, headers)

    def order(self, *args, **more):
        return self.create(*args, **more)["data"]["taskId"]

    def status(self, task):
        return self.api("GET", STATUS + "?taskId=" + task)

    def picture_path(self, task):
        url = json.loads(self.status(task)["data"]["resultJson"])["resultUrls"][0]
        assert url.startswith(self.url), url
        return url[len(self.url):]

    def journal(self):
        with open(self.journal_path, encoding="utf-8") as file:
            return [json.loads(line) for line in file]

    def end(self):
        self.process.stdin.close()
        self.process.wait(60)
        self.process.stdout.close()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            equal(self.end(), 0, "ends cleanly at the end of its input")
        if self.own:
            self.own.cleanup()


def png_size(data):
    """Width and height of a PNG whose chunks and pixels are all there and right; None otherwise."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    at, pixels, size, kinds = 8, b"", None, []
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        content = data[at + 8:at + 8 + length]
        (check,) = struct.unpack(">I", data[at + 8 + length:at + 12 + length])
        if zlib.crc32(kind + content) != check:
            return None
        kinds.append(kind)
        if kind == b"IHDR":
            size = struct.unpack(">II", content[:8])
            if content[8:] != b"\x08\x02\0\0\0":
                return None
        if kind == b"IDAT":
            pixels += content
        at += 12 + length
    rows = zlib.decompress(pixels)
    return size if kinds[-1] == b"IEND" and len(rows) == size[1] * (1 + 3 * size[0]) else None


def png_make(width, height, color):
    """A PNG of one colour."""
    rows = (b"\0" + bytes(color) * width) * height

    def chunk(kind, content):
        return (struct.pack(">I", len(content)) + kind + content
                + struct.pack(">I", zlib.crc32(kind + content)))

    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
            + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


def png_rows(data):
    """The rows of pixels of a PNG that the sandbox has made (filters 0 to 2), as bytes RGBRGB..."""
    width, height = png_size(data)
    at, pixels = 8, b""
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        pixels += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += 12 + length
    pixels, rows, above = zlib.decompress(pixels), [], bytes(3 * width)
    for y in range(height):
        start = y * (1 + 3 * width)
        row = bytearray(pixels[start + 1:start + 1 + 3 * width])
        for x in range(len(row)):
            if pixels[start] == 1:
                row[x] = (row[x] + (row[x - 3] if x >= 3 else 0)) & 255
            elif pixels[start] == 2:
                row[x] = (row[x] + above[x]) & 255
            elif pixels[start] != 0:
                raise ValueError("another filter")
        rows.append(bytes(row))
        above = row
    return rows


def share_of(data, color, tolerance=12):
    """The share of a PNG's pixels that have this colour, nearly."""
    good = total = 0
    for row in png_rows(data):
        for x in range(0, len(row), 3):
            good += all(abs(row[x + i] - color[i]) <= tolerance for i in range(3))
            total += 1
    return good / total


def jpeg_size(data):
    at = 2
    if data[:2] != b"\xff\xd8" or data[-2:] != b"\xff\xd9":
        return None
    while at < len(data):
        marker, length = data[at + 1], struct.unpack(">H", data[at + 2:at + 4])[0]
        if marker in (0xC0, 0xC1, 0xC2):
            height, width = struct.unpack(">HH", data[at + 5:at + 9])
            return width, height
        at += 2 + length
    return None


def webp_size(data):
    if data[:4] != b"RIFF" or data[8:16] != b"WEBPVP8 ":
        return None
    if struct.unpack("<I", data[4:8])[0] + 8 != len(data):
        return None
    width, height = struct.unpack("<HH", data[26:30])
    return width & 0x3FFF, height & 0x3FFF


def broken(call):
    """Whether the connection ends without a whole answer."""
    try:
        call()
    except (http.client.HTTPException, ConnectionError):
        return True
    return False


def eventually(call, name):
    """Waits until call() is true; the time is only there to end a broken test."""
    deadline = time.monotonic() + 60
    while not call() and time.monotonic() < deadline:
        time.sleep(0.01)
    ok(call(), name)


def run_tests(*tests):
    for test in tests:
        print("#", test.__name__)
        try:
            test()
        except Exception as error:  # one broken test must not hide the others
            ok(False, f"{test.__name__} ends", f"{type(error).__name__}: {error}")
    print(f"1..{count}")
    sys.exit(1 if failed else 0)
