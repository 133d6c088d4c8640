#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Quotes, back slashes, control characters, line ends and other JSON traps arrive unchanged."""
from darkroom import *

texts = ['say "hello" \\ and \\u0041 {"a": [1]}', "tab\tand\nlines\n\nbetween",
         "\u0001\u001f\u007f",
         "\ufeffwith a mark".lstrip("\ufeff"), "a\u2028 \u2029 \u00ad \u200d.",
         "%s %n %d {prompt} {task}",
         "</script>&amp;'--; DROP TABLE takes", "- dash\n---\nno: header\n---"]
with Sandbox() as api, Mount(api) as m:
    for n, text in enumerate(texts):
        m.order(f"p{n}", text)
        equal(api.prompts()[-1], text.strip(), "the text that arrived")
    equal(attribute(m / "p0.png", "user.xdg.comment", whole=True), texts[0])
