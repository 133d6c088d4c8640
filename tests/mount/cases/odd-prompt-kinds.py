#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Pipes, sockets, directories and links with a prompt's name order nothing and stop nobody, also
when they are found at mount."""
import socket
from darkroom import *

with Sandbox() as api, Mount(api, "catch_up=order") as m:
    os.mkfifo(m / "pipe.prompt")
    os.mkdir(m / "d.prompt")
    os.symlink("/dev/zero", m / "zero.prompt")
    os.symlink(".", m / "here.prompt")
    here = os.open(m.path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(f"/proc/self/fd/{here}/socket.prompt")
    os.close(here)
    names = m.names()
    equal([n for n in names if n.endswith(".status")], [])
    m.remount()
    equal(m.names(), names)
    m.order("other", "A ship")
    equal(api.prompts(), ["A ship"])
