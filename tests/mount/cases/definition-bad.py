#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A provider definition of the user's that is wrong: not mounted, status 1, with file, place, what
is wrong and what is allowed; soon, however large the file is."""
from darkroom import *

MODEL_OF = '{"models": {"x/y": {"text": {"name": "prompt"}, "parameters": {%s}}}}'
SIZE = '"size": {"type": "string", "values": ["a", "b"], "common": {"aspect_ratio": {"1:1": "%s"}}}'

with Sandbox() as api:
    m = Mount(api, start=False)
    path = m.config / "darkroom/providers/kie.json"

    def refused(text, words, path=path, options=None):
        what = text[:60] if isinstance(text, str) else repr(text[:60])
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        if options:
            command = [w if w != m.options else options for w in m.command("-f")]
        else:
            command = m.command("-f")
        began = time.monotonic()
        got = run(*command, env=m.environment, check=False)
        equal(got.returncode, 1, f"{what}: {got.stderr}")
        contains(got.stderr, str(path), *words, what=what)
        equal(len(got.stderr) < 4000, True, f"{what}: the length of what was said")
        equal(mounted_at(m.path), None)
        equal(time.monotonic() - began < 10 * STRETCH, True, f"{what}: quick")

    refused('{"pace": {"create": {"count": "many"}}}', ["pace.create", "count", "number"])
    refused('{"pace": ', ["kie.json"])
    refused("", ["kie.json"])
    refused(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ["kie.json"])
    refused('{"flavour": 1}', ["flavour"])
    refused("[]", ["kie.json"])
    refused('{"title": "a"} {"title": "b"}', ["kie.json"])
    refused(b'{"title": "' + b"x" * (100 << 20) + b'"}', ["bytes"])
    refused('{"x":' * 10_000 + "1" + "}" * 10_000, ["kie.json"])
    refused("[" * 10_000, ["kie.json"])
    refused('{"title": "a", "title": "b"}', ["title", "twice"])
    refused(MODEL_OF % '"seed": {"type": "integer"}, "seed": {"type": "string"}',
            ["seed", "twice"])
    refused(MODEL_OF % (SIZE % "c"), ["models.x/y.parameters.size", "c", "a, b"])
    refused(MODEL_OF % '"size": {"type": "colour"}', ["size", "type", "colour", "string"])
    refused(MODEL_OF % '"n": {"type": "integer", "min": 1, "max": 4, "default": 7}',
            ["parameters.n", "7"])
    refused(MODEL_OF % '"n": {"type": "integer", "min": 5, "max": 4}', ["parameters.n"])
    refused('{"default_model": "nobody/nothing"}', ["default_model", "nobody/nothing"])
    refused('{"base_url": "http://example.com"}', ["base_url", "https"])
    refused('{"base_url": "https://user:password@example.com"}', ["base_url"])
    refused('{"base_url": "ftp://example.com"}', ["base_url", "https"])
    refused('{"upload": {"base_url": "http://example.com"}}', ["upload", "base_url", "https"])
    refused('{"headers": {"X-Key": "{kee}"}}', ["headers", "kee", "key"])
    refused('{"headers": {"X-Key": "a\\r\\nHost: evil"}}', ["headers"])
    refused('{"status": {"path": "/record"}}', ["status", "{task}", "path or body"])
    refused('{"states": {"success": "failed", "succeeded": null, "completed": null, "1": null}}',
            ["states", "finished"])
    refused('{"headers": {"Authorization": null}}', ["key", "never sent", "{key}"])
    refused('{"envelope": {"message": null}}', ["errors", "text", "envelope.message"])
    m.define("kie", {"pace": PACE})

    own = m.config / "darkroom/providers/own.json"
    refused('{"like": "own"}', ["like", "own -> own"], own)
    m.define("third", {"like": "own"})
    refused('{"like": "third"}', ["like", "own -> third -> own"], own)
    (m.config / "darkroom/providers/third.json").unlink()
    refused('{"like": "nobody"}', ["like", '"nobody" is not one of', "kie, revidapi", "own"], own)
    refused('{"title": "nothing more"}', ["own.json"], own)
    own.unlink()
    m.start()
    m.order("hero", "A lighthouse")
    m.unmount()
