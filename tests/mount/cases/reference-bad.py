#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Reference pictures that cannot be used: the prompt is invalid and says why, nothing is uploaded,
nobody waits, and it mends."""
import socket
from darkroom import *

MB = 1 << 20
with Sandbox() as api, Mount(api) as m:
    set_attribute(m.path, "model", "seedream/4.5-edit")
    good = picture(m / "good.png", 300, 300)
    picture(place("outside.png"), 300, 300)
    os.mkdir(m / "dir.png")
    os.mkfifo(m / "pipe.png")
    os.symlink("good.png", m / "link.png")
    os.symlink("../outside.png", m / "out.png")
    os.symlink("..", m / "up")
    os.symlink("loop.png", m / "loop.png")
    os.symlink("/dev/zero", m / "zero.png")
    here = os.open(m.path, os.O_RDONLY)
    with socket.socket(socket.AF_UNIX) as s:
        s.bind(f"/proc/self/fd/{here}/socket.png")
    os.close(here)
    (m / "empty.png").touch()
    m.write("text.png", "this is no picture at all")
    m.write("page.png", "<html>")
    m.write("bitmap.png", b"BM" + bytes(200))
    m.write("animation.gif", b"GIF89a\x10\0\x10\0\x80\0\0" + bytes(40) + b";")
    picture_of_bytes(m / "large.png", 10 * MB + 1)
    picture_of_bytes(m / "full.png", 10 * MB)
    with open(m / "sparse.png", "wb") as f:
        f.write(good.read_bytes()[:100])
        f.truncate(1 << 40)

    # What may still come: the prompt waits for it as invalid.
    files = {
        "missing.png": ["missing.png", "no such file"],
        "nowhere/a.png": ["nowhere/a.png", "no such file"],
        "good.png/a.png": ["good.png/a.png"],
        "dir.png": ["dir.png", "directory"],
        ".": ["directory"],
        "pipe.png": ["pipe.png", "file"],
        "socket.png": ["socket.png", "file"],
        "zero.png": ["zero.png"],
        "out.png": ["out.png"],
        "loop.png": ["loop.png"],
        "up/outside.png": ["up/outside.png"],
        "../outside.png": ["out of"],
        "../../../../../../etc/passwd": ["out of"],
        ".darkroom/tasks.db": ["no such file"],
        "empty.png": ["empty.png"],
        "text.png": ["text.png", "not a picture"],
        "page.png": ["page.png"],
        "bitmap.png": ["bitmap.png"],
        "animation.gif": ["animation.gif", "GIF", "JPEG, PNG, WebP"],
        "large.png": ["large.png", "10485760"],
        "sparse.png": ["sparse.png", "1024 GiB"],
        "x" * 300 + ".png": ["xxx"],
    }
    # What can never be: the writer hears of it.
    values = {
        "a/" * 2500 + "a.png": ["longer"],
        "/etc/passwd": ["/etc/passwd", "relative"],
        str(m / "good.png"): ["relative"],
        ",".join(["good.png"] * 15): ["14"],
        "good.png,,good.png": ["comma"],
        "good.png,": ["comma"],
        "file:///etc/passwd": ["file:"],
        "ftp://example.com/a.png": ["ftp"],
        "data:image/png;base64,AAAA": ["data:"],
        "http://example.com/a.png": ["https"],
        "https://user:password@example.com/a.png": ["password"],
        "https://example.com/" + "x" * 5000: ["longer"],
    }
    for n, (value, words) in enumerate((files | values).items()):
        what = f"images: {value[:60]}"
        text = f"---\nimages: {value}\n---\nA lighthouse"
        with deadline(DEADLINE, what):
            if value in values:
                with raises(errno.EINVAL, what=what):
                    m.write(f"{n}.prompt", text)
            else:
                m.write(f"{n}.prompt", text)
        status = m.status(str(n))
        equal(status["state"], "invalid", what)
        contains(status["error"], *words, what=f"the error of {what}")
        lacks(status["error"], "user:password@")
    equal(api.journal(), [], "requests")

    # Without any: the model needs one.
    with raises(errno.EINVAL, what="close"):
        m.write("none.prompt", "A lighthouse")
    contains(m.status("none")["error"], "images")

    # What leads to a file in the tree is one; the largest that may be is taken.
    for name in ("link.png", "full.png"):
        m.order(f"order-{name[:-4]}", f"---\nimages: {name}\n---\nA lighthouse")
    equal(len(api.journal("upload")), 2, "uploads")

    # A file that is put right later.
    shutil.copy(good, m / "missing.png")
    m.tell("0", "retry")
    m.wait_state("0", "success")
