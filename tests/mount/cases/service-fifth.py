#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A service that no built-in definition is like, from an own definition alone: a token header, the
model in the query, errors by HTTP status or by their words alone, no codes, and models that differ
in path and body."""
from email import message_from_bytes
from urllib.parse import quote

from darkroom import *

DEFINITION = {
    "title": "Atelier",
    "key": {"env": "ATELIER_TOKEN", "page": "https://atelier.example/tokens"},
    "headers": {"X-Token": "t-{key}", "Content-Type": "application/json"},
    "envelope": {"message": "error.message"},
    "create": {
        "path": "/v2/pictures?kind={model}",
        "body": {"brief": {"words": "{text}", "options": "{input}"}, "copies": 1, "by": "{model}!"},
        "task": ["ticket.ref", "ticket.number"],
    },
    "status": {
        "path": "/v2/pictures/{task}", "record": "ticket", "state": "ticket.stage",
        "results": "ticket.sheets", "result_members": ["full", "href"],
        "error_code": "ticket.fault.kind", "error_text": "ticket.fault.words",
        "credits": "ticket.bill", "created": "ticket.begun", "completed": "ticket.ended",
    },
    "credits": {"path": "/v2/purse", "balance": "purse.left"},
    "renew": {"path": "/v2/links", "body": {"old": ["{url}"]}, "result": "links"},
    "upload": {
        "path": "/v2/desk?keep=day", "result": "desk.0.where", "keep_ms": 86400000,
        "file": "scan[0]", "form": {"called": "{name}", "public": False},
    },
    "states": {"Lined up": "queuing", "inking": "generating", "hung": "finished", "torn": "failed"},
    "errors": {
        "always": [{"http": 401, "verdict": "key"}, {"http": 402, "verdict": "credits"},
                   {"http": 429, "verdict": "busy"}],
        "create": [{"http": [400, 422], "verdict": "refused"},
                   {"code": "none", "text": "not a word", "verdict": "refused"}],
        "status": [{"http": 404, "verdict": "not_found"}],
        "failed": [{"code": "taste", "verdict": "final"},
                   {"text": "ink ... dry", "verdict": "again"}],
    },
    "default_model": "pen & ink",
    "models": {
        "pen & ink": {
            "about": "Draws with a pen.", "also": "ink",
            "text": {"min_chars": 3, "max_chars": 40},
            "price": {"credits": {"20": 1.5, "50": 4}, "by": "steps", "times": "sheets"},
            "parameters": {
                "cut": {"type": "string", "values": ["square", "broad"],
                        "aliases": {"landscape": "broad"},
                        "common": {"aspect_ratio": {"1:1": "square", "16:9": "broad"}}},
                "steps": {"type": "integer", "values": [20, 50], "as_string": True, "default": 20,
                          "required": True, "common": {"quality": {"basic": 20, "high": 50}}},
                "weight": {"type": "number", "min": 0, "max": 1, "as_string": True},
                "sheets": {"type": "integer", "min": 1, "max": 4, "default": 1},
                "left": {"type": "integer"}, "top": {"type": "integer"},
                "signed": {"type": "boolean", "as_string": True}, "paper": {"type": "json"},
                "marks": {"type": "strings", "max_length": 2},
            },
            "conflicts": [{"when": {"steps": 50, "sheets": [3, 4]},
                           "why": "of fine sheets there are at most two"}],
            "together": [["left", "top"]],
        },
        "redraw": {
            "text": {"name": "wish"},
            "create": {"path": "/v2/redrawings", "body": {"fast": True, "...": "{input}"}},
            "parameters": {"original": {"type": "picture", "required": True, "formats": ["png"],
                                        "common": {"images": {}}}},
        },
        "clean": {
            "unverified": "Whether it takes JPEG.",
            "create": {"path": "/v2/cleanings/new", "body": {"jobs": [{"input": "{input}"}]}},
            "status": {"path": "/v2/cleanings/{task}/state"},
            "parameters": {"scans": {"type": "pictures", "required": True, "max_length": 2,
                                     "max_bytes": 2000, "common": {"images": {}}}},
        },
    },
}


class Atelier:
    """The service.  stage: its word for tasks.  orders: (path, body) of all that came, the body as
    text, since the order of its members counts.  asked, tokens, uploads, links: what else came."""

    def __init__(self):
        self.orders, self.uploads, self.links, self.tasks = [], [], [], {}
        self.asked, self.tokens, self.looks = set(), set(), {}
        self.stage, self.balance, self.busy, self.closed = "hung", "12.5", True, True
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                status, data = outer.answer(self.command, self.path, self.headers, body)
                data = data if isinstance(data, bytes) else json.dumps(data).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()

    def answer(self, method, path, headers, body):
        if path.startswith("/sheets/"):
            return (410, {}) if path.endswith("late-0") else (200, sheet(path.split("/")[2]))
        self.tokens.add((headers["X-Token"], method, headers.get_content_type()))
        if path == "/v2/desk?keep=day":
            head = f"Content-Type: {headers['Content-Type']}\n\n"
            form = message_from_bytes(head.encode() + body)
            self.uploads.append({p.get_param("name", header="Content-Disposition"):
                                 p.get_payload(decode=True) for p in form.get_payload()})
            return 200, {"desk": [{"where": f"https://desk.example/{len(self.uploads)}"}]}
        if path == "/v2/links":
            self.links.append(json.loads(body))
            return 200, {"links": [url + "/again" for url in self.links[-1]["old"]]}
        self.asked.add((method, path))
        if method == "POST":
            return self.order(path, json.loads(body))
        if path == "/v2/purse":
            return 200, {"purse": {"left": self.balance}}
        if path not in self.tasks:
            return 404, {"error": {"message": "no such ticket"}}
        words = self.tasks[path]
        self.looks[words] = self.looks.get(words, 0) + 1
        if words == "lost" or (words == "mist" and self.looks[words] < 3):
            return 200, {"ticket": None}
        if words == "shut" and self.closed:
            return 200, {"error": {"message": "out of paper"}}
        return 200, {"ticket": self.ticket(words)}

    def order(self, path, body):
        self.orders.append((path, json.dumps(body)))
        words = body["brief"]["words"] if "brief" in body else body.get("wish", "nothing")
        if words == "dear" and self.balance == "0.5":
            return 402, {"error": {"message": "the purse is empty"}}
        if words == "busy" and self.busy:
            return 429, {"error": {"message": "one at a time"}}
        if words == "mute":
            return 200, {"error": {"message": "Not a word!"}}
        if words == "rude":
            return 422, {"error": {"message": "not in this house"}}
        number = f"{len(self.tasks)}/b"
        where = "cleanings/{}/state" if "cleanings" in path else "pictures/{}"
        self.tasks["/v2/" + where.format(number.replace("/", "%2F"))] = words
        return 201, {"ticket": {"ref": None, "number": number}}

    def ticket(self, words):
        faults = {"ugly": {"kind": "taste", "words": "nobody would hang that"},
                  "spoilt": {"kind": 0, "words": "The ink ran DRY."}}
        if words in faults:
            return {"stage": "torn", "fault": faults[words]}
        if self.stage != "hung":
            return {"stage": self.stage, "sheets": []}
        return {"stage": "hung", "bill": "1.5", "begun": 1700000000, "ended": 1700000007500,
                "sheets": [{"small": f"{self.url}/small", "full": {"href": link}}
                           for link in (f"{self.url}/sheets/{quote(words)}-{n}"
                                        for n in range(2 if words == "a pair" else 1))]}


def sheet(name):
    """The picture of that name."""
    return picture_bytes(40 + sum(name.encode()) % 100, 30)


def ordered(words, **options):
    """What a text and its parameters become for the default model."""
    brief = {"words": words, "options": options}
    return ("/v2/pictures?kind=pen%20%26%20ink",
            json.dumps({"brief": brief, "copies": 1, "by": "pen & ink!"}))


with Atelier() as api, Mount(provider="atelier", key=None, environment={"ATELIER_TOKEN": KEY},
                             definition={**DEFINITION, "base_url": api.url,
                                         "pace": {**PACE, "not_found_grace_ms": 0}}) as m:
    page = (m / ".darkroom/models/ink").read_text()
    contains(page, "Atelier: pen & ink", "Draws with a pen.", "3 to 40 characters",
             "20: 1.5, 50: 4", "times sheets", "landscape means broad", "16:9 is broad",
             "basic is 20, high is 50", "left, top", "of fine sheets there are at most two")
    contains((m / ".darkroom/models/clean").read_text(), "whether it takes JPEG", "1 to 2 pictures")
    contains((m / ".darkroom/models/redraw").read_text(), " and is png\n")

    # The service's words on the way, and everything at its default.
    api.stage = "LINED UP"
    m.write("hero.prompt", "a {model} \"fox\"")
    for api.stage, state in (("LINED UP", "queuing"), ("in the attic", "waiting"),
                             ("inking", "generating"), ("hung", "success")):
        status = wait_for(lambda: m.state("hero") == state and m.status("hero"),
                          lambda: f"{state}: {m.status_text('hero')}")
    equal(status, {**status, "provider": "atelier", "model": "pen & ink", "steps": "20",
                   "task": "0/b", "generated": "7.5 s", "credits": "1.5", "images": "hero.png"})
    equal((m / "hero.png").read_bytes(), sheet(quote('a {model} "fox"') + "-0"), "the picture")
    equal(api.orders, [ordered('a {model} "fox"', steps="20")])

    # Every parameter, in the definition's order.
    m.order("all", "---\nmodel: ink\npaper: {\"b\": [1, null], \"a\": \"{text}\"}\nmarks: a b\n"
            "signed: yes\ntop: -2\nleft: 1\nsheets: 2\nweight: 0.50\nquality: high\n"
            "aspect_ratio: 16:9\n---\na pair")
    equal(api.orders[-1], ordered("a pair", cut="broad", steps="50", weight="0.5", sheets=2, left=1,
                                  top=-2, signed="true", paper={"b": [1, None], "a": "{text}"},
                                  marks=["a", "b"]))
    equal([(m / f"all-{n + 1}.png").read_bytes() for n in (0, 1)],
          [sheet(f"a%20pair-{n}") for n in (0, 1)], "two pictures")

    # No credits, too many at once, a wrong request, two failed tasks, and a link that is gone.
    api.balance = "0.5"
    m.write("dear.prompt", "dear")
    contains(m.wait_line("dear", "reason", "credits")["reason"], "Atelier", "the purse is empty")
    wait_for(lambda: ("GET", "/v2/purse") in api.asked, "a look into the purse")
    equal(m.state("dear"), "queued")
    api.balance = "1"
    m.tell("dear", "retry")
    m.wait_state("dear", "success")
    m.write("busy.prompt", "busy")
    m.wait_line("busy", "reason", "one at a time")
    api.busy = False
    m.wait_state("busy", "success")
    for text, error, hint, charged in (
            ("rude", "not in this house", "change the prompt", "no"),
            ("mute", "Not a word!", "change the prompt", "no"),
            ("ugly", "nobody would hang that (taste)", "would fail again", None),
            ("spoilt", "The ink ran DRY.", "the service's own", None)):
        m.write(f"{text}.prompt", text)
        status = m.wait_state(text, "fail")
        contains(status["error"], error)
        contains(status["hint"], hint)
        equal(status.get("charged"), charged)

    # A task without a record is not there yet, after three looks not at all; an error is neither.
    m.order("mist", "mist")
    equal((m / "mist.png").read_bytes(), sheet("mist-0"))
    m.write("lost.prompt", "lost")
    contains(m.wait_state("lost", "unknown")["error"], "Atelier does not know task")
    equal(api.looks["lost"], 3, "looks for what is lost")
    m.write("shut.prompt", "shut")
    contains(m.wait_line("shut", "reason", "out of paper")["reason"], "goes on there")
    wait_for(lambda: api.looks["shut"] > 5, "more looks than a lost task gets")
    equal(m.state("shut"), "waiting")
    api.closed = False
    m.wait_state("shut", "success")
    m.order("late", "late")
    equal(api.links, [{"old": [f"{api.url}/sheets/late-0"]}])
    equal((m / "late.png").read_bytes(), sheet("late-0"))

    # Models with pictures, one with a text and one without, each at a path of its own.
    fox = picture(m / "fox.png").read_bytes()
    m.order("redraw", "---\nmodel: redraw\nimages: fox.png\n---\nred")
    equal(m.status("redraw")["original"], "fox.png")
    m.order("clean", "---\nmodel: clean\nimages: fox.png, https://x.example/b.png\n---\n")
    equal((m / "clean.png").read_bytes(), sheet("nothing-0"))
    equal([(path, json.loads(body)) for path, body in api.orders[-2:]],
          [("/v2/redrawings", {"fast": True, "wish": "red", "original": "https://desk.example/1"}),
           ("/v2/cleanings/new", {"jobs": [{"input": {"scans": ["https://desk.example/1",
                                                                "https://x.example/b.png"]}}]})])
    contains(api.uploads[0].pop("called").decode(), ".png")
    equal(api.uploads, [{"scan[0]": fox, "public": b"false"}])
    equal([task for task in api.tasks if ("GET", task) not in api.asked], [], "not asked for")
    equal(api.tokens, {(f"t-{KEY}", "GET", "application/json"),
                       (f"t-{KEY}", "POST", "application/json"),
                       (f"t-{KEY}", "POST", "multipart/form-data")})

    # What cannot be sent is refused, and never is.
    sent = len(api.orders)
    for name, value in (("aspect_ratio", "4:3"), ("aspect_ratio", "broad"), ("cut", "tall"),
                        ("quality", "20"), ("steps", "30"), ("weight", "1.1"), ("sheets", "5"),
                        ("marks", "a b c"), ("paper", "{"), ("model", "oil"), ("easel", "1")):
        with raises(errno.EINVAL, what=f"{name}={value}"):
            set_attribute(m / "hero.prompt", name, value)
    for settings, error in (("quality: high\nsheets: 3", "of fine sheets there are at most two"),
                            ("left: 1", "top"), ("cut: square\naspect_ratio: 16:9", "disagree"),
                            ("images: fox.png", "pen & ink"), ("model: clean", "images")):
        with raises(errno.EINVAL, what=settings):
            m.write("bad.prompt", f"---\n{settings}\n---\nnothing")
        equal(m.state("bad"), "invalid")
        contains(m.status("bad")["error"], error)
    m.order("last", "---\naspect_ratio: 1:1\n---\nlast")
    equal(api.orders[sent:], [ordered("last", cut="square", steps="20")])
