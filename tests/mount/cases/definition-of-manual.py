#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""The definitions in darkroom-provider(5) are read as they stand there, and the first one speaks to
a service of that protocol: other paths, key, body, answers, uploads and errors than kie.ai's."""
from darkroom import *

PAGE = Path(__file__).resolve().parents[3] / "man/darkroom-provider.5"
EXAMPLES = PAGE.read_text().split("\n.Sh EXAMPLES\n")[1].split("\n.Sh ")[0]
# A definition stands behind the name of its file; any other JSON is the body of a request.
LITERAL = re.compile(r"^(?:\.Pa ([a-z]+)\.json :\n)?\.Bd -literal.*\n({(?:.*\n)*?)\.Ed$", re.M)
FOUND = [(name, json.loads(text)) for name, text in LITERAL.findall(EXAMPLES)]
DEFINITIONS = {name: value for name, value in FOUND if name}
[BODY] = [value for name, value in FOUND if not name]
equal(list(DEFINITIONS), ["paintbox", "kie", "other"])


class Paintbox:
    """The service of the manual page.  phase: of all tasks, with what else their record has."""

    def __init__(self):
        self.requests = []
        self.phase = {"phase": "in line"}
        service = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.answer(b"")

            def do_POST(self):
                self.answer(self.rfile.read(int(self.headers["Content-Length"])))

            def answer(self, body):
                status, kind, data = service.answer(self.command, self.path, self.headers, body)
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.host = f"http://127.0.0.1:{self.server.server_port}"
        self.url = self.host + "/v2"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method, path, headers, body):
        """HTTP status, type and bytes of an answer."""
        if path.startswith("/wall/"):
            equal(headers["x-api-key"], None, "the key at a picture's address")
            return 200, "image/png", picture_bytes()
        self.requests.append((method, path, headers, body))
        status, answer = self.say(method, path, headers, body)
        return status, "application/json", json.dumps(answer).encode()

    def say(self, method, path, headers, body):
        if headers["x-api-key"] != KEY:
            return 401, {"result": "no", "why": "who are you"}
        if (method, path) == ("POST", "/v2/files"):
            return 200, {"result": "ok", "file": {"address": f"{self.host}/wall/upload.png"}}
        if method == "POST" and b"unheard of" in body:
            return 422, {"result": "no", "why": {"message": "nobody can paint that"}}
        if (method, path) in [("POST", "/v2/paintings"), ("POST", "/v2/retouchings")]:
            return 202, {"result": "ok", "job": {"id": "p17"}}
        if (method, path) in [("GET", "/v2/paintings/p17"), ("GET", "/v2/retouchings/p17")]:
            return 200, {"result": "ok", "job": self.phase}
        return 404, {"result": "no", "why": f"{method} {path}"}

    def done(self, count=1, price=1):
        self.phase = {"phase": "Done", "price": price, "seconds": 12.5,
                      "pictures": [{"href": f"{self.host}/wall/{n}.png", "seen": "https://no"}
                                   for n in range(count)]}

    def bodies(self, path):
        return [json.loads(body) for method, where, _headers, body in self.requests
                if (method, where) == ("POST", path)]


def write(m, definitions):
    for name, value in definitions.items():
        m.define(name, value)


with Paintbox() as api, Mount(api, provider="paintbox", start=False) as m:
    write(m, DEFINITIONS)
    m.start()
    pages = m.path / ".darkroom/models"
    contains((pages / "oil").read_text(), "Paintbox: oil", "Oil. Paints pictures from a text.",
             "small: 1, large: 2.5, times count", "16:9 is wide", "at most two")
    contains((pages / "retouch").read_text(), "Not verified: How large", "Other names: oil-retouch")
    contains((pages / "seedream_6-text-to-image").read_text(), "kie.ai: seedream/6-text-to-image")
    contains((pages / "seedream").read_text(), "Other: seedream")
    m.unmount()

    # The same, asked for more often.
    write(m, {"paintbox": {**DEFINITIONS["paintbox"], "pace": PACE}})
    m.start()
    m.write("harbour.prompt", "a harbour at noon")
    m.wait_state("harbour", "queuing")
    api.phase = {"phase": "painting"}
    m.wait_state("harbour", "generating")
    api.done()
    status = m.wait_state("harbour", "success")
    equal(api.bodies("/v2/paintings"), [BODY])
    equal((status["credits"], status["generated"], status["task"]), ("1", "12.5 s", "p17"))
    equal(api.requests[0][2]["Content-Type"], "application/json")

    api.done(2, 5)
    status = m.order("boats", "---\naspect_ratio: 16:9\nquality: high\ncount: 2\n---\nboats")
    equal(api.bodies("/v2/paintings")[1]["wishes"],
          {"words": "boats", "shape": "wide", "size": "large", "count": 2})
    equal(m.pictures(), ["boats-1.png", "boats-2.png", "harbour.png"])

    with raises(errno.EINVAL):
        m.write("many.prompt", "---\nsize: large\ncount: 3\n---\nboats")
    contains(m.wait_state("many", "invalid")["error"], "there are at most two")
    m.write("odd.prompt", "something unheard of")
    status = m.wait_state("odd", "fail")
    contains(status["error"], "Paintbox refused the request: nobody can paint that")
    equal(status["charged"], "no")
    for code, words, hint in [("CONTENT", "too bold", "would fail again"),
                              (7, "a brush of ours broke", "the service's own")]:
        api.phase = {"phase": "spoilt", "reason": {"code": code, "words": words}}
        m.write(f"{code}.prompt", f"a harbour, {words}")
        status = m.wait_state(f"{code}", "fail")
        contains(status["error"], words, str(code))
        contains(status["hint"], hint)

    # A picture alone, uploaded; then an address, with a text.
    api.done()
    picture(m / "photo.png")
    m.write("clean.prompt", "---\nmodel: oil-retouch\nimages: photo.png\n---\n")
    m.wait_state("clean", "success")
    [upload] = [r for r in api.requests if r[1] == "/v2/files"]
    equal(upload[2]["x-api-key"], KEY)
    contains(upload[2]["Content-Type"], "multipart/form-data")
    equal(b'name="blob"' in upload[3] and b'name="filename"' in upload[3], True, "the parts")
    equal(picture_bytes() in upload[3], True, "the file's bytes")
    address = f"{api.host}/wall/upload.png"
    m.order("moved", f"---\nmodel: retouch\nimages: photo.png, {address}\nleft: 1\ntop: 2\n---\nBlue")
    equal(api.bodies("/v2/retouchings"),
          [{"options": {"fast": True}, "originals": [address]},
           {"options": {"fast": True}, "words": "Blue", "originals": [address, address],
            "left": 1, "top": 2}])
    with raises(errno.EINVAL):
        m.write("half.prompt", "---\nmodel: retouch\nimages: photo.png\nleft: 1\n---\nBlue")
    contains(m.wait_state("half", "invalid")["error"], "top is missing")

    m.key_path.write_text("sk-another\n")
    m.remount()
    m.write("keyless.prompt", "a gate")
    m.wait_line("keyless", "reason", "who are you")
    equal(m.state("keyless"), "queued")
