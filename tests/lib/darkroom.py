# SPDX-License-Identifier: MIT
"""What a mount test needs to read as a story: a simulator, a mount, and words to check them with.

    with Sandbox() as api, Mount(api) as m:
        m.write("hero.prompt", "A lighthouse")
        m.wait_state("hero", "success")
        equal(api.prompts(), ["A lighthouse"])

A case is a program: status 0 is a pass, 77 a skip, anything else a failure.  tests/run-cases.py
runs cases and finds what they leave behind.  Nothing here waits for a time to pass: wait_for() waits
for a condition, and fails with a sentence when its deadline passes.
"""

import contextlib
import errno
import http.server
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from picture_files import *
from system_calls import *

KEY = "sk-darkroom-test-4711"
MODEL = "seedream/4.5-text-to-image"
PRICE = 6.5
FINAL = ("success", "fail", "unknown")

# The services that the simulator speaks for, and the variable that may hold each one's key.
SERVICES = ["kie", "revidapi", "liangxin", "apikley"]
KEY_VARIABLES = [f"{name.upper()}_API_KEY" for name in SERVICES]

# Deadlines are for a machine that is busy; a sanitizer or valgrind build stretches them.
STRETCH = float(os.environ.get("DARKROOM_TEST_STRETCH", "1"))
DEADLINE = 20.0

# How often the daemon asks: quick enough that a case takes a second.
PACE = {
    "create": {"count": 100, "period_ms": 1000, "burst": 100},
    "status": {"count": 200, "period_ms": 1000, "burst": 200},
    "poll_first_ms": 50,
    "poll": [{"every_ms": 50}],
}

# ---- words to check with ----


def skip(reason):
    """Ends the case as skipped."""
    print(f"SKIP: {reason}", flush=True)
    sys.exit(77)


def need_root():
    if os.geteuid() != 0:
        skip("needs root")


def need_tool(*names):
    for name in names:
        if not shutil.which(name):
            skip(f"needs {name}")


def fail(message):
    raise AssertionError(message)


def equal(got, expected, what="value"):
    if got != expected:
        fail(f"{what}: expected {expected!r}, got {got!r}")


def contains(text, *parts, what="text"):
    for part in parts:
        if part.lower() not in text.lower():
            fail(f"{what} does not contain {part!r}: {text!r}")


def lacks(text, *parts, what="text"):
    for part in parts:
        if part.lower() in text.lower():
            fail(f"{what} contains {part!r}: {text!r}")


@contextlib.contextmanager
def raises(*codes, what="call"):
    """The block must fail with one of these errno values."""
    names = " or ".join(errno.errorcode[c] for c in codes)
    try:
        yield
    except OSError as e:
        if e.errno not in codes:
            fail(f"{what}: expected {names}, got {errno.errorcode.get(e.errno, e.errno)}")
        return
    fail(f"{what}: expected {names}, but it succeeded")


def wait_for(condition, what, timeout=DEADLINE):
    """Waits until condition() is true and returns its value."""
    end = time.monotonic() + timeout * STRETCH
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            fail(f"not within {timeout:g} s: {what() if callable(what) else what}")
        time.sleep(0.02)


class Late(AssertionError):
    pass


@contextlib.contextmanager
def deadline(seconds, what="the call"):
    """A system call in the block that blocks longer is interrupted, and the case fails."""

    def ring(_signo, _frame):
        raise Late(f"{what} did not return within {seconds:g} s")

    before = signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds * STRETCH)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


# ---- places ----


def private_directory():
    """The directory of this case; the runner gives one and removes it."""
    given = os.environ.get("DARKROOM_TEST_DIR")
    if not given:
        given = tempfile.mkdtemp(prefix="darkroom-test.")
        os.environ["DARKROOM_TEST_DIR"] = given
        print(f"# private directory: {given}", file=sys.stderr)
    return Path(given)


def place(name):
    """A path in the private directory that does not exist yet."""
    base = private_directory() / name
    path, n = base, 1
    while os.path.lexists(path):
        n += 1
        path = base.with_name(f"{base.name}-{n}")
    return path


def directory(name):
    path = place(name)
    path.mkdir()
    return path


def program(variable, name):
    path = os.environ.get(variable) or shutil.which(name)
    if not path:
        fail(f"{variable} does not name the program {name}")
    return path


def run(*command, timeout=30, check=True, **more):
    """Runs a tool to its end; its output is text.  check: status 0 is expected."""
    more.setdefault("stdin", subprocess.DEVNULL)
    got = subprocess.run([str(c) for c in command], timeout=timeout * STRETCH, text=True,
                         errors="surrogateescape", capture_output=True, **more)
    if check and got.returncode != 0:
        fail(f"{command}: status {got.returncode}\n{got.stdout}{got.stderr}")
    return got


def tail(path, lines=30):
    try:
        text = Path(path).read_text(errors="replace")
    except OSError:
        return ""
    return "\n".join(text.splitlines()[-lines:])


_OCTAL = re.compile(r"\\([0-7]{3})")


def mounts():
    """(mount point, filesystem type, source, device) of everything mounted here, oldest first."""
    rows = []
    with open("/proc/self/mountinfo", errors="surrogateescape") as f:
        for line in f:
            left, right = line.rstrip("\n").split(" - ", 1)
            fields, more = left.split(" "), right.split(" ")
            name = lambda s: _OCTAL.sub(lambda m: chr(int(m[1], 8)), s)
            device = os.makedev(*map(int, fields[2].split(":")))
            rows.append((name(fields[4]), more[0], name(more[1]), device))
    return rows


def mounted_at(path):
    """The type of what is mounted on top at path, or None."""
    found = None
    for point, kind, _source, _device in mounts():
        if point == str(path):
            found = kind
    return found


# ---- extended attributes ----

XATTR = "user.darkroom."


def set_attribute(path, name, value):
    os.setxattr(path, XATTR + name, value.encode(), follow_symlinks=False)


def attribute(path, name, whole=False):
    """The attribute's text, or None where there is none."""
    try:
        return os.getxattr(path, name if whole else XATTR + name).decode()
    except OSError as e:
        if e.errno == errno.ENODATA:
            return None
        raise


# ---- the simulator ----

class Gate:
    """A file that the simulator waits for: what is held goes on when it is opened.

        gate = Gate()
        with Sandbox(gate.holds("generating")) as api, Mount(api) as m:
            ...
            gate.open()
    """

    def __init__(self, name="gate"):
        self.path = place(name)

    def holds(self, state):
        """Members of a scenario, or of a rule for tasks: tasks stay in that state."""
        return {"hold_in": state, "gate": str(self.path)}

    def holds_answer(self, on, **more):
        """A fault: the request is processed, and its answer waits (a download stops half-way)."""
        return {"on": on, "until": str(self.path), **more}

    def open(self):
        self.path.touch()


# Short lives and small pictures; a case changes what it is about.
SCENARIO = {
    "waiting_ms": 60,
    "queuing_ms": 60,
    "generating_ms": 120,
    "rate": {"count": 1000, "period_ms": 1000},
    "status_rate": {"count": 1000, "period_ms": 1000},
    "scale": 0.05,
}


class Sandbox:
    """The image service, simulated: `darkroom-sandbox` on a free port with a journal.  dialect: which
    service it speaks for."""

    def __init__(self, scenario=None, key=KEY, dialect="kie"):
        self.scenario = scenario or {}
        self.key = key
        self.dialect = dialect
        self.journal_path = place("journal.jsonl")
        self.process = None
        self.port = 0
        self.url = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, kind, _value, _trace):
        if self.process:
            self.stop(check=kind is None)

    def start(self):
        if self.process:
            return
        scenario = place("scenario.json")
        scenario.write_text(json.dumps({**SCENARIO, **self.scenario}, indent=1))
        self.log_path = place("sandbox.log")
        command = [program("DARKROOM_SANDBOX", "darkroom-sandbox"),
                   "--listen", f"127.0.0.1:{self.port}",
                   "--scenario", str(scenario), "--journal", str(self.journal_path)]
        if self.dialect != "kie":
            command += ["--dialect", self.dialect]
        if self.key:
            command += ["--key", self.key]
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stderr=log,
                                            stdout=subprocess.PIPE, start_new_session=True)
        with deadline(DEADLINE, "darkroom-sandbox's start"):
            line = self.process.stdout.readline().decode()
        match = re.fullmatch(r"listening on (http://127\.0\.0\.1:(\d+))\n", line)
        if not match:
            status = self.process.wait(DEADLINE)
            fail(f"darkroom-sandbox said {line!r}, status {status}: {tail(self.log_path)}")
        self.url, self.port = match[1], int(match[2])

    def stop(self, check=True):
        """Ends it as a service goes down; it forgets nothing that is in the journal."""
        process, self.process = self.process, None
        process.send_signal(signal.SIGTERM)
        try:
            status = process.wait(DEADLINE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            status = "none: it did not end at SIGTERM"
        process.stdout.close()
        if check:
            equal(status, 0, f"darkroom-sandbox's status ({tail(self.log_path)})")

    def restart(self, scenario=None):
        """The same service again, at the same address, with another scenario if one is given."""
        if self.process:
            self.stop()
        if scenario is not None:
            self.scenario = scenario
        self.start()

    def journal(self, request=None):
        """All requests so far, or those of one kind."""
        try:
            lines = self.journal_path.read_bytes().split(b"\n")
        except FileNotFoundError:
            return []
        rows = [json.loads(line) for line in lines if line]
        return [r for r in rows if request is None or r["request"] == request]

    def creates(self):
        return self.journal("create")

    def accepted(self):
        """The createTask requests that cost something."""
        return [r for r in self.creates() if r["accepted"]]

    def inputs(self):
        """The parameters of what was paid for, in order, the text among them."""
        return [input_of(r["body"]) for r in self.accepted()]

    def prompts(self):
        """The texts that were paid for, in order; None for an order without one."""
        return [i.get("prompt") for i in self.inputs()]

    def models(self):
        return [r["body"].get("model") for r in self.accepted()]

    def ignored(self):
        """What was sent in orders and no model knew."""
        return [name for r in self.creates() for name in r.get("ignored") or []]


def input_of(body):
    """The parameters in a body of createTask: a few of the services' models have them beside the
    model's name."""
    if "input" in body:
        return body["input"]
    return {k: v for k, v in body.items() if k != "model"}


class Redirects:
    """A host of pictures that has moved: a path /NAME leads to where it is told to."""

    def __init__(self, targets):
        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(302)
                self.send_header("Location", targets[self.path.lstrip("/")])
                self.send_header("Content-Length", "0")
                self.end_headers()

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


# ---- the mount ----


class MountFailed(AssertionError):
    def __init__(self, status, log):
        super().__init__(f"darkroomfs ended with status {status} before it was mounted: {log}")
        self.status = status
        self.log = log


def heed_signals():
    """A test that was started in the background ignores SIGINT; its daemon must not."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def is_alive(path):
    """Whether a mount is there and answers: neither a dead one nor the directory below it.  stat(2)
    would not do, for the kernel remembers a dead mount's answer."""
    try:
        fd = os.open(path, os.O_RDONLY | os.O_DIRECTORY)
    except OSError as e:
        if e.errno in (errno.ENOTCONN, errno.ECONNABORTED):
            return False
        raise
    try:
        return os.fstat(fd).st_dev in [device for point, _kind, _source, device in mounts()
                                       if point == str(path)]
    finally:
        os.close(fd)


def key_file(key=KEY, mode=0o600):
    path = place("key")
    path.write_text(key + "\n")
    path.chmod(mode)
    return path


class Mount:
    """SOURCE shown through `darkroomfs -f`, with the simulator as its service.

    options: more mount options, comma-separated.  over: mounted over SOURCE itself.  key: the API
    key, or None for no key file.  definition: members for the user's own definition of the provider.
    services: simulators of other services, by name, with their keys in the configuration.  flags:
    more of the command line, such as -s.  executable, environment: for another build of the daemon.
    """

    def __init__(self, api=None, options="", source=None, over=False, key=KEY, settle=0.2,
                 provider="kie", path=None, executable=None, environment=None, start=True,
                 definition=None, services=None, flags=()):
        self.source = Path(source) if source else directory("source")
        self.path = self.source if over else Path(path) if path else directory("mount")
        self.over = over
        self.executable = executable or program("DARKROOMFS", "darkroomfs")
        self.environment = {**os.environ, **(environment or {})}
        self.process = None
        self.wants_start = start
        self.flags = list(flags)
        words = [f"settle={settle:g}"]
        if provider:
            words.append(f"provider={provider}")
        if api:
            words.append(f"base_url={api.url}")
        self.key_path = key_file(key) if key else None
        if key:
            words.append(f"key_file={self.key_path}")
        if options:
            words.append(options)
        self.options = ",".join(words)
        self.config = private_directory() / "config"
        self.environment["XDG_CONFIG_HOME"] = str(self.config)
        for name in (*KEY_VARIABLES, "CREDENTIALS_DIRECTORY"):
            if name not in (environment or {}):
                self.environment.pop(name, None)
        if provider != "sandbox":
            self.define(provider or "kie", {"pace": PACE, **(definition or {})})
        for name, other in (services or {}).items():
            self.add_service(name, other)

    def define(self, name, members):
        """The user's own definition of a service: members over the built-in ones."""
        path = self.config / "darkroom" / "providers" / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(members, indent=1))
        return path

    def add_service(self, name, api):
        """Another service, at the simulator's address, with its key where the user has keys."""
        members = {"pace": PACE, "base_url": api.url}
        if name == "kie":
            members["upload"] = {"base_url": api.url}
        self.define(name, members)
        path = self.config / "darkroom" / f"{name}.key"
        path.touch(0o600)
        path.write_text(api.key + "\n")

    def option(self, name, value):
        """Mounts with another value of an option the next time."""
        self.options = ",".join([*(w for w in self.options.split(",")
                                   if w.split("=")[0] != name), f"{name}={value}"])

    def __enter__(self):
        if self.wants_start:
            self.start()
        return self

    def __exit__(self, kind, _value, _trace):
        if kind is not None:
            print(f"# the daemon's log:\n{self.log()}", file=sys.stderr)
            self.end()
        elif self.process:
            self.unmount()

    def command(self, *more):
        command = [self.executable, str(self.source)]
        if not self.over:
            command.append(str(self.path))
        return command + ["-o", self.options, *more]

    def start(self):
        """Mounts and returns when the file system answers; MountFailed where it does not come."""
        self.launch()
        self.wait_usable()

    def launch(self):
        self.log_path = place("daemon.log")
        with open(self.log_path, "wb") as log:
            self.process = subprocess.Popen(self.command("-f", *self.flags),
                                            stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment,
                                            cwd=private_directory(), start_new_session=True,
                                            preexec_fn=heed_signals)

    def wait_usable(self):
        def usable():
            status = self.process.poll()
            if status is not None:
                self.process = None
                raise MountFailed(status, self.log())
            return mounted_at(self.path) == "fuse.darkroomfs" and is_alive(self.path)

        wait_for(usable, lambda: f"a mount at {self.path}; log: {self.log()}")

    def unmount(self, expect=0, timeout=DEADLINE):
        """Unmounts as a user does, and waits until the daemon has ended with that status."""
        def try_it():
            got = run("fusermount3", "-u", self.path, check=False)
            if got.returncode == 0:
                return True
            contains(got.stderr, "busy", what="fusermount3")
            return False

        wait_for(try_it, lambda: f"unmount {self.path}: {holders(self.path)}", timeout)
        self.wait_end(expect, timeout)

    def wait_end(self, expect=0, timeout=DEADLINE):
        process, self.process = self.process, None
        try:
            status = process.wait(timeout * STRETCH)
        except subprocess.TimeoutExpired:
            self.process = process
            place("stacks.txt").write_text(stacks(process.pid))
            fail(f"the daemon {process.pid} did not end within {timeout:g} s (see stacks.txt); "
                 f"log: {self.log()}")
        equal(status, expect, f"the daemon's exit status (log: {self.log()})")
        equal(mounted_at(self.path) == "fuse.darkroomfs", False, "still mounted")

    def remount(self):
        self.unmount()
        self.start()

    def let_settle(self):
        """Mounts again with a short settle time: what waited for a long one goes out.  With a long
        one, what a case does before this comes within it, however slow the machine."""
        self.unmount()
        self.option("settle", "0.2")
        self.start()

    def kill9(self):
        """The daemon dies as in a crash; its mount stays behind, dead."""
        process, self.process = self.process, None
        process.kill()
        process.wait()

    def end(self):
        """Gets rid of daemon and mount, whatever state they are in."""
        if self.process:
            self.kill9()
        forget_mounts(self.path)

    def log(self):
        return tail(self.log_path) if hasattr(self, "log_path") else ""

    # ---- files ----

    def __truediv__(self, name):
        return self.path / name

    def write(self, name, text):
        """Writes a file from its start and closes it, as a shell's `>` does."""
        data = text if isinstance(text, bytes) else text.encode()
        fd = os.open(self.path / name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o644)
        try:
            at = 0
            while at < len(data):
                at += os.write(fd, data[at:])
        except BaseException:
            with contextlib.suppress(OSError):
                os.close(fd)
            raise
        os.close(fd)

    def names(self, name="."):
        return sorted(os.listdir(self.path / name))

    def pictures(self, name="."):
        ends = (".png", ".jpg", ".webp")
        return [n for n in self.names(name) if n.endswith(ends)]

    def status_text(self, name):
        return (self.path / f"{name}.status").read_text()

    def status(self, name):
        """The status file as a dictionary."""
        lines = self.status_text(name).rstrip("\n").split("\n")
        return dict(line.split(": ", 1) if ": " in line else (line.rstrip(":"), "")
                    for line in lines)

    def state(self, name):
        return self.status(name).get("state")

    def wait_state(self, name, *states, timeout=DEADLINE):
        """Waits for one of the states; fails at once when the take ended in another."""
        def there():
            status = self.status(name)
            state = status.get("state")
            if state in states:
                return status
            if state in FINAL or state == "invalid":
                fail(f"{name} ended as {state}, expected {states}:\n{self.status_text(name)}")
            return None

        return wait_for(there, lambda: f"{name} is {states}:\n{self.status_text(name)}\n"
                        f"log: {self.log()}", timeout)

    def wait_line(self, name, key, part, timeout=DEADLINE):
        """Waits until a line of the status has these words."""
        return wait_for(lambda: part.lower() in self.status(name).get(key, "").lower()
                        and self.status(name),
                        lambda: f"{name}'s {key} has {part!r}:\n{self.status_text(name)}", timeout)

    def wait(self, name, timeout=DEADLINE):
        """Reads NAME.wait: the pictures' names."""
        with deadline(timeout, f"{name}.wait"):
            return (self.path / f"{name}.wait").read_text().splitlines()

    def tell(self, name, word):
        """Gives a command, as `echo WORD > NAME.status` does."""
        fd = os.open(self.path / f"{name}.status", os.O_WRONLY)
        try:
            os.write(fd, word.encode() + b"\n")
        finally:
            os.close(fd)

    def order(self, name, text, *, timeout=DEADLINE):
        """A prompt, and its picture when it is there."""
        self.write(f"{name}.prompt", text)
        return self.wait_state(name, "success", timeout=timeout)

    # ---- behind the mount ----

    def hidden(self, *names):
        """A path in the hidden directory of SOURCE."""
        return self.source.joinpath(".darkroom", *names)

    def takes(self):
        """Paths of all earlier pictures, below takes/."""
        top = self.path / ".darkroom" / "takes"
        return sorted(str(p.relative_to(top)) for p in top.rglob("*") if p.is_file())

    def lost(self):
        return sorted(os.listdir(self.path / ".darkroom" / "lost+found"))


def holders(path):
    """Who keeps a mount busy, for messages."""
    found = []
    for pid in filter(str.isdigit, os.listdir("/proc")):
        for link in ("cwd", "root", *(f"fd/{n}" for n in _listdir(f"/proc/{pid}/fd"))):
            with contextlib.suppress(OSError):
                target = os.readlink(f"/proc/{pid}/{link}")
                if target == str(path) or target.startswith(f"{path}/"):
                    found.append(f"{pid} {link} -> {target}")
    return "; ".join(found) or "nobody has it open"


def name_of(pid):
    try:
        return os.path.basename(os.readlink(f"/proc/{pid}/exe"))
    except OSError:
        return ""


def stacks(pid):
    """Where the threads of a process are, as well as this machine can say."""
    if "darkroom" in name_of(pid) and shutil.which("gdb"):
        try:
            got = subprocess.run(["gdb", "-p", str(pid), "-batch", "-ex", "thread apply all bt"],
                                 stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                 errors="replace", timeout=30)
            return got.stdout
        except subprocess.TimeoutExpired:
            pass
    out = []
    for task in sorted(Path(f"/proc/{pid}/task").glob("*")):
        for name in ("comm", "wchan", "syscall", "stack"):
            try:
                out.append(f"{task.name} {name}: {(task / name).read_text().strip()}")
            except OSError:
                pass
    return "\n".join(out)


def _listdir(path):
    try:
        return os.listdir(path)
    except OSError:
        return []


def forget_mounts(path):
    """Lazily unmounts everything at path and below."""
    for point, kind, _source, _device in reversed(mounts()):
        if point == str(path) or point.startswith(f"{path}/"):
            if os.geteuid() == 0:
                subprocess.run(["umount", "-l", point], stderr=subprocess.DEVNULL)
            elif kind.startswith("fuse"):
                subprocess.run(["fusermount3", "-uz", point], stderr=subprocess.DEVNULL)


@contextlib.contextmanager
def small_disk(kind="tmpfs", options="size=4m"):
    """A file system of its own to keep SOURCE on (root only)."""
    need_root()
    path = directory("disk")
    got = run("mount", "-t", kind, "-o", options, "darkroom-test", path, check=False)
    if got.returncode != 0:
        skip(f"cannot mount a {kind}: {got.stderr.strip()}")
    try:
        yield path
    finally:
        forget_mounts(path)


def fill(path):
    """Takes all the space of a small disk; returns the file that has it."""
    filler = Path(path) / "filler"
    with open(filler, "wb", buffering=0) as f:
        for size in (65536, 4096, 512, 1):
            with contextlib.suppress(OSError):
                while True:
                    f.write(b"\xaa" * size)
    return filler


# ---- the same operations on an ordinary directory ----


def outcome(operation, *arguments):
    """What an operation returns, or the name of its error."""
    try:
        return operation(*arguments)
    except OSError as e:
        return errno.errorcode[e.errno]


def same_as_native(m, operation):
    """Runs operation(directory) in the mount and in an ordinary directory: the same must come out.
    Returns it."""
    native = directory("native")
    inside = m.path / native.name
    inside.mkdir()
    expected = outcome(operation, native)
    got = outcome(operation, inside)
    equal(got, expected, f"{operation.__name__} through the mount")
    return got
