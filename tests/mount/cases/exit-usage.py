#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Wrong usage: status 1 and a sentence that names what was wrong."""
from darkroom import *

source, point = directory("source"), directory("mount")
exe = program("DARKROOMFS", "darkroomfs")
for arguments, words in [
        ([], ["SOURCE"]),
        ([source, point, "extra"], ["too many"]),
        ([source, point, "-x"], ["-x"]),
        ([source, point, "-o", "explode"], ["explode"]),
        ([source, point, "-o", "settle"], ["settle"]),
        ([source, point, "-o", "hold=1"], ["hold"]),
        ([source, point, "-o", "settle=soon"], ["settle", "soon"]),
        ([source, point, "-o", "settle=-1"], ["settle", "-1"]),
        ([source, point, "-o", "budget"], ["budget=N|none"]),
        ([source, point, "-o", "budget=lots"], ["budget=lots", "none", "number of credits"]),
        ([source, point, "-o", "budget=-1"], ["budget=-1"]),
        ([source, point, "-o", "budget=nan"], ["budget=nan"]),
        ([source, point, "-o", "budget=1e9"], ["budget=1e9", "10000000"]),
        ([source, point, "-o", "catch_up=maybe"], ["catch_up", "maybe"]),
        ([source, point, "-o", "status=loud"], ["status", "loud"]),
        ([source, point, "-o", "provider=nobody"], ["nobody", "kie"]),
        ([source, point, "-o", "provider=liangxin"],
         ["liangxin publishes no address", "-o base_url=URL", "/providers/liangxin.json"]),
        ([source, point, "-o", "base_url=ftp://example.com"], ["base_url", "https"]),
        ([source, point, "-o", "base_url=http://example.com"], ["https"]),
        ([source, point, "-o", "model=nobody/nothing"], ["nobody/nothing"])]:
    got = run(exe, *arguments, check=False)
    equal(got.returncode, 1, f"{arguments}: {got.stderr}")
    contains(got.stderr, *words, what=f"{arguments}")
    equal(got.stdout, "")
equal(os.listdir(source), [], "SOURCE untouched")
