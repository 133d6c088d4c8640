#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""A git repository in the mount: init, add, commit, checkout, a clean status."""
from darkroom import *

need_tool("git")
def git(*words):
    return run("git", "-c", "user.name=t", "-c", "user.email=t@example.invalid", "-c",
               "init.defaultBranch=main", *words, cwd=m.path).stdout

with Sandbox() as api, Mount(api, "hold,status=hidden") as m:
    git("init", "-q")
    m.write("hero.prompt", "A lighthouse\n")
    m.write("notes.txt", "notes\n")
    git("add", "-A")
    git("commit", "-qm", "one")
    m.write("hero.prompt", "A ship\n")
    git("commit", "-qam", "two")
    equal(git("status", "--porcelain"), "")
    git("checkout", "-q", "HEAD~1")
    equal((m / "hero.prompt").read_text(), "A lighthouse\n")
    git("checkout", "-q", "main")
    equal((m / "hero.prompt").read_text(), "A ship\n")
    equal(git("status", "--porcelain"), "")
    git("fsck", "--strict")
    git("gc", "-q")
    equal(m.state("hero"), "held")
    equal(api.creates(), [], "createTask requests")
    m.tell("hero", "release")
    m.wait_state("hero", "success")
    equal(api.prompts(), ["A ship"])
