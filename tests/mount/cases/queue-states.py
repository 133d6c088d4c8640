#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
""".darkroom/queue has a line for each task that has not ended: state, age, path, what was sent first."""
from darkroom import *

STATES = ["submitting", "waiting", "queuing", "generating", "downloading"]
gates = {state: Gate(state) for state in STATES}
scenario = {"faults": [gates["submitting"].holds_answer("create", text="submitting"),
                       gates["downloading"].holds_answer("download", text="downloading")],
            "tasks": [{"text": state, **gates[state].holds(state)}
                      for state in ("waiting", "queuing", "generating")]
                     + [{"text": "failing", "state": "fail"}]}


def lines(m):
    text = (m / ".darkroom/queue").read_text()
    equal(text == "" or text.endswith("\n"), True, "ends with a newline")
    return [line.split() for line in text.splitlines()]


def shown(m):
    return [(state, path) for state, _age, path in lines(m)]


with Sandbox(scenario) as api, Mount(api) as m:
    queue = m / ".darkroom/queue"
    equal(queue.read_bytes(), b"")
    equal(queue.stat().st_size, 0)
    equal(stat.filemode(queue.stat().st_mode), "-r--r--r--")
    os.mkdir(m / "a b")
    expected = []
    for state in STATES:
        m.write(f"a b/{state}.prompt", f"Picture {state}")
        m.wait_state(f"a b/{state}", state)
        expected.append((state, f"a\\040b/{state}.prompt"))
    m.order("ended", "A lighthouse")
    m.write("failed.prompt", "Picture failing")
    m.wait_state("failed", "fail")
    with raises(errno.EINVAL):
        m.write("invalid.prompt", "---\naspect_ratio: 16:9")
    (m / "held.prompt").touch()
    set_attribute(m / "held.prompt", "hold", "1")
    m.write("held.prompt", "A draft")
    odd = "two\nlines\\.prompt"
    fd = os.open(m / odd, os.O_WRONLY | os.O_CREAT)
    os.write(fd, b"Not yet")
    os.fsync(fd)
    expected.append(("queued", "two\\012lines\\134.prompt"))
    equal(shown(m), expected, "lines")

    for state, age, path in lines(m):
        equal(age.isdigit() and int(age) < 1000, True, f"age {age}")
        equal(path.encode().decode("unicode_escape").split("/")[-1] in os.listdir(
            m / "a b") + os.listdir(m.path), True, f"{path} is there")
    text = queue.read_bytes()
    equal(queue.stat().st_size, len(text), "size")
    awk = run("awk", '$1 == "generating" { print $3 }', str(queue)).stdout
    equal(awk, "a\\040b/generating.prompt\n")
    before = queue.stat().st_mtime_ns
    equal(abs(before / 1e9 - time.time()) < 1000, True, "time")

    # What was opened stays as it was.
    with open(queue, "rb") as early:
        text = os.pread(early.fileno(), 1 << 16, 0)
        equal(text.count(b"\n"), len(expected))
        gates["generating"].open()
        wait_for(lambda: "a\\040b/generating.prompt" not in [path for _state, path in shown(m)],
                 lambda: f"one line less: {lines(m)}")
        equal(early.read(), text, "an open file")
    expected.remove(("generating", "a\\040b/generating.prompt"))
    equal(shown(m), expected)
    equal(queue.stat().st_mtime_ns > before, True, "a later time")

    # A task goes on under its prompt's new name, and without its prompt.
    os.rename(m / "a b", m / "c")
    os.unlink(m / "c/waiting.prompt")
    expected = [(state, path.replace("a\\040b", "c")) for state, path in expected]
    equal(shown(m), expected)

    equal("queue" in os.listdir(m / ".darkroom"), True, "listed")
    for call in (lambda: os.unlink(queue), lambda: queue.write_text("x"),
                 lambda: os.rename(queue, m / "x"), lambda: os.truncate(queue, 0)):
        with raises(errno.EPERM, errno.EACCES):
            call()
    os.close(fd)
    for gate in gates.values():
        gate.open()
    wait_for(lambda: queue.read_bytes() == b"", lambda: f"an empty queue: {lines(m)}")
    equal(queue.stat().st_size, 0)
