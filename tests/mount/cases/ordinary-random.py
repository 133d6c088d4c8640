#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Thousands of random operations on a small tree, prompts among it, come out as in an ordinary
directory, and leave the same tree."""
# timeout: 120
import random
from darkroom import *

NAMES = ["a", "b", "c.prompt", "d.prompt", "e.png"]
rng = random.Random(int(os.environ.get("DARKROOM_TEST_SEED", "4711")))

def some_path(top, depth=3):
    return top.joinpath(*(rng.choice(NAMES) for _ in range(rng.randint(1, depth))))

def write(path, data, flags):
    fd = os.open(path, os.O_WRONLY | os.O_CREAT | flags, 0o644)
    try:
        os.write(fd, data)
    finally:
        os.close(fd)

def read(path):
    with open(path, "rb") as f:
        return f.read()

OPERATIONS = {
    "write": lambda p, q, n: write(p, b"x" * n, os.O_TRUNC),
    "append": lambda p, q, n: write(p, b"y" * n, os.O_APPEND),
    "exclusive": lambda p, q, n: write(p, b"z" * n, os.O_EXCL),
    "read": lambda p, q, n: read(p),
    "truncate": lambda p, q, n: os.truncate(p, n),
    "unlink": lambda p, q, n: os.unlink(p),
    "mkdir": lambda p, q, n: os.mkdir(p),
    "rmdir": lambda p, q, n: os.rmdir(p),
    "rename": lambda p, q, n: os.rename(p, q),
    "keep": lambda p, q, n: renameat2(p, q, RENAME_NOREPLACE),
    "exchange": lambda p, q, n: renameat2(p, q, RENAME_EXCHANGE),
    "link": lambda p, q, n: os.link(p, q, follow_symlinks=False),
    "symlink": lambda p, q, n: os.symlink(NAMES[n % len(NAMES)], p),
    "readlink": lambda p, q, n: os.readlink(p),
    "chmod": lambda p, q, n: os.chmod(p, 0o600 + n % 64 * 8 | 0o700),
    "xattr": lambda p, q, n: os.setxattr(p, "user.n", str(n).encode()),
    "no xattr": lambda p, q, n: os.removexattr(p, "user.n"),
    "list": lambda p, q, n: sorted(os.listdir(p)),
    "stat": lambda p, q, n: describe(p),
}
WEIGHTS = [6, 2, 1, 2, 1, 3, 3, 1, 6, 1, 2, 3, 1, 1, 1, 1, 1, 1, 4]

def describe(path):
    st = os.lstat(path)
    size = 0 if stat.S_ISDIR(st.st_mode) else st.st_size
    links = 0 if stat.S_ISDIR(st.st_mode) else st.st_nlink
    return stat.filemode(st.st_mode), size, links

def tree(top):
    found = {}
    for base, dirs, files in os.walk(top):
        for name in dirs + files:
            path = Path(base, name)
            if path.is_symlink():
                more = os.readlink(path)
            elif path.is_dir():
                more = None
            else:
                more = path.read_bytes()
            xattr = outcome(os.getxattr, path, "user.n") if not path.is_symlink() else None
            found[str(path.relative_to(top))] = (describe(path), more, xattr)
    return found

with Sandbox() as api, Mount(api, "hold,status=hidden") as m:
    native = directory("native")
    inside = m / "native"
    inside.mkdir()
    for step in range(4000):
        word = rng.choices(list(OPERATIONS), WEIGHTS)[0]
        p, q, n = some_path(Path()), some_path(Path()), rng.randrange(200)
        expected = outcome(OPERATIONS[word], native / p, native / q, n)
        got = outcome(OPERATIONS[word], inside / p, inside / q, n)
        if got == "EINVAL" and p.suffix == ".prompt" and word in ("write", "append", "truncate"):
            got = None      # a text that can never be sent: kept, and said at close
        equal(got, expected, f"step {step}: {word} {p} {q} {n}")
        if step % 500 == 499:
            equal(tree(inside), tree(native), f"the tree after step {step}")
    equal(tree(m.source / "native"), tree(native), "the tree in SOURCE")
    m.remount()
    equal(tree(inside), tree(native), "the tree after mounting again")
    equal(api.creates(), [], "createTask requests")
