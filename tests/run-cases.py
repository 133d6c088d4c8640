#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs test cases and finds what they leave behind.

    tests/run-cases.py [-j N] [-k WORD] [--build DIR] [--keep] FOLDER|CASE...

A case is an executable file: status 0 is a pass, 77 a skip, anything else a failure.  Each one gets
a private directory and a supervisor of its own, which becomes the parent of every process that the
case lets go of (PR_SET_CHILD_SUBREAPER), so that all are found and killed afterwards.  A case fails
too when it leaves processes or mounts behind, when a log or a sanitizer's report in its directory
has a suspicious word, when there is a core file, and when it takes too long: 60 s, or what a line
`# timeout: SECONDS` in it says.  A failed case's directory is kept, with a repro.sh in it.

The result is TAP, the plan at the end.  The programs under test are named by the environment
(DARKROOMFS, DARKROOM_SANDBOX, DARKROOMFS_FAULTS), or taken from a build directory.
"""

import argparse
import concurrent.futures
import ctypes
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "lib"))
from darkroom import forget_mounts, mounts, stacks, tail  # noqa: E402

PROGRAMS = {
    "DARKROOMFS": "src/cli/darkroomfs",
    "DARKROOM_SANDBOX": "src/sandbox/darkroom-sandbox",
    "DARKROOMFS_FAULTS": "src/cli/darkroomfs-faults",
}
SUSPICIOUS = re.compile(
    r"AddressSanitizer|LeakSanitizer|ThreadSanitizer|UndefinedBehaviorSanitizer|MemorySanitizer"
    r"|runtime error|WARNING: |[Aa]ssertion|core dumped|Segmentation|double free|corrupted"
    r"|ERROR SUMMARY: [1-9]")
TIMEOUT = 60.0
CRASHES = (signal.SIGSEGV, signal.SIGABRT, signal.SIGBUS, signal.SIGILL, signal.SIGFPE,
           signal.SIGSYS, signal.SIGTRAP)
# A daemon that was unmounted may still be ending when its case is through.
GRACE = 5.0
PR_SET_CHILD_SUBREAPER = 36



def stretch():
    return float(os.environ.get("DARKROOM_TEST_STRETCH", "1"))


def is_sanitized(path):
    """Whether a program was built with a sanitizer, and takes its time."""
    try:
        data = Path(path).read_bytes()
    except OSError:
        return False
    return any(word in data for word in (b"__asan_init", b"__tsan_init", b"__ubsan_handle"))


# ---- one case, under its supervisor ----


def process_table():
    """pid -> (parent, command line) of every process that is not a zombie."""
    table = {}
    for pid in filter(str.isdigit, os.listdir("/proc")):
        try:
            text = Path(f"/proc/{pid}/stat").read_text(errors="replace")
            line = Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ")
        except OSError:
            continue
        state, parent = text[text.rindex(")") + 2:].split(" ")[:2]
        if state not in "ZX":
            table[int(pid)] = (int(parent), line.decode(errors="replace").strip())
    return table


def descendants():
    """What descends from this process, parents first."""
    table = process_table()
    found, todo = {}, [os.getpid()]
    while todo:
        parent = todo.pop(0)
        for pid, (its_parent, line) in table.items():
            if its_parent == parent and pid not in found:
                found[pid] = line
                todo.append(pid)
    return found


def reap():
    """Collects the adopted processes that have ended; returns the signals that killed any."""
    signals = []
    try:
        while True:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                break
            if os.WIFSIGNALED(status):
                signals.append(os.WTERMSIG(status))
    except ChildProcessError:
        pass
    return signals


def kill_all():
    """Kills every descendant.  The daemons first: that frees whoever waits for their mount."""
    for only_daemons in (True, False):
        end = time.monotonic() + 10
        while time.monotonic() < end:
            rest = {p: l for p, l in descendants().items() if "darkroomfs" in l or not only_daemons}
            if not rest:
                break
            for pid in rest:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.02)
            reap()


def supervise(case, place, seconds):
    """Runs the case as this process's child; returns what is wrong with it, or 77."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    wrong = []
    with open(place / "case.log", "wb") as log:
        process = subprocess.Popen([str(case)], cwd=place, stdin=subprocess.DEVNULL, stdout=log,
                                   stderr=log, start_new_session=True, umask=0o022)
    try:
        status = process.wait(seconds)
    except subprocess.TimeoutExpired:
        status = None
        wrong.append(f"not finished within {seconds:g} s; stacks are in stacks.txt")
        with open(place / "stacks.txt", "w") as out:
            for pid, line in descendants().items():
                print(f"==== {pid} {line}\n{stacks(pid)}\n", file=out, flush=True)
    if status not in (None, 0, 77):
        wrong.append(f"status {status}" if status > 0 else f"killed by signal {-status}")

    end = time.monotonic() + (GRACE * stretch() if status in (0, 77) else 0)
    crashes = reap()
    while descendants() and time.monotonic() < end:
        time.sleep(0.02)
        crashes += reap()
    crashes = [signal.Signals(s).name for s in crashes if s in CRASHES]
    if crashes:
        wrong.append(f"a process it started died: {', '.join(crashes)}")
    left = descendants()
    if left and not wrong:
        wrong += [f"left a process behind: {pid} {line}" for pid, line in left.items()]
    points = [p for p, *_ in mounts() if p.startswith(f"{place}/")]
    if points and not wrong:
        wrong += [f"left a mount behind: {point}" for point in points]
    kill_all()
    for _ in range(3):
        forget_mounts(place)

    allowed = re.findall(r"^# allow-log: (.*)$", case.read_text(errors="replace"), re.M)
    for path in sorted(place.glob("*.log*")) + sorted(place.glob("sanitizer.*")):
        if path.name == "case.log":
            continue
        for line in path.read_text(errors="replace").splitlines():
            if SUSPICIOUS.search(line) and not any(re.search(a, line) for a in allowed):
                wrong.append(f"{path.name}: {line}")
                break
    for base, _directories, names in os.walk(place):
        wrong += [f"a core file: {base}/{n}" for n in names if re.fullmatch(r"core(\.\d+)?", n)]
    return wrong, status == 77


def repro(case, place):
    names = [*PROGRAMS, "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "DARKROOM_TEST_STRETCH",
             "CI", "PATH"]
    lines = ["#!/bin/sh", "# Runs this case again, in a directory that is kept."]
    lines += [f"export {n}={shlex.quote(os.environ[n])}" for n in names if n in os.environ]
    lines.append(f"exec {shlex.quote(str(HERE / 'run-cases.py'))} --keep {shlex.quote(str(case))}")
    path = place / "repro.sh"
    path.write_text("\n".join(lines) + "\n")
    path.chmod(0o755)
    return path


def one(case, place, seconds):
    """The supervisor's whole life; what it prints goes into the TAP of the run."""
    signal.signal(signal.SIGINT, lambda *_: None)     # not SIG_IGN, which a case would inherit
    try:
        wrong, skipped = supervise(case, place, seconds)
    except BaseException:
        kill_all()
        raise
    if not wrong:
        if skipped:
            reasons = re.findall(r"^SKIP: (.*)$", (place / "case.log").read_text(), re.M)
            print(reasons[-1] if reasons else "no reason given")
        return 77 if skipped else 0
    for line in wrong:
        print(f"# {line}")
    for path in [place / "case.log", *sorted(place.glob("daemon.log*")),
                 *sorted(place.glob("sanitizer.*"))]:
        text = tail(path, 40 if path.name == "case.log" else 15)
        if text:
            print(f"# -- {path.name}")
            for line in text.splitlines():
                print(f"#    {line}")
    print(f"# kept: {place}")
    print(f"# again: {repro(case, place)}")
    return 1


# ---- the run ----


def environment(place):
    """What a case sees: its own places, and sanitizers that report into them."""
    env = dict(os.environ)
    for name, path in {"HOME": "home", "XDG_CONFIG_HOME": "config", "XDG_RUNTIME_DIR": "run",
                       "TMPDIR": "tmp"}.items():
        (place / path).mkdir(mode=0o700)
        env[name] = str(place / path)
    env["DARKROOM_TEST_DIR"] = str(place)
    env["PYTHONPATH"] = str(HERE / "lib")
    env["PYTHONDONTWRITEBYTECODE"] = "1"
    env["LC_ALL"] = "C.UTF-8"
    env["GIT_CONFIG_NOSYSTEM"] = "1"
    for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS", "LSAN_OPTIONS"):
        given = env.get(name, "")
        env[name] = f"{given}{':' if given else ''}log_path={place}/sanitizer"
    env["UBSAN_OPTIONS"] += ":print_stacktrace=1"
    for name in ("KIE_API_KEY", "REVIDAPI_API_KEY", "LIANGXIN_API_KEY", "APIKLEY_API_KEY",
                 "CREDENTIALS_DIRECTORY", "DARKROOM_KILL_AT", "DARKROOM_FAULT_LOG", "http_proxy",
                 "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        env.pop(name, None)
    return env


def time_allowed(case):
    match = re.search(r"^# timeout: (\d+)", case.read_text(errors="replace"), re.M)
    return (float(match[1]) if match else TIMEOUT) * stretch()


def run_case(case, keep):
    """(status, lines to print, seconds)"""
    place = Path(tempfile.mkdtemp(prefix=f"darkroom-test.{case.stem}."))
    began = time.monotonic()
    seconds = time_allowed(case)
    command = [sys.executable, __file__, "--one", str(case), str(place), str(seconds)]
    try:
        got = subprocess.run(command, env=environment(place), capture_output=True, text=True,
                             errors="replace", start_new_session=True, timeout=seconds + 300)
        status, text = got.returncode, got.stdout + got.stderr
    except subprocess.TimeoutExpired as e:
        status, text = 1, f"# its supervisor does not end: {e}"
    if status in (0, 77) and not keep:
        shutil.rmtree(place, ignore_errors=True)
    elif status in (0, 77):
        text += f"\n# kept: {place}"
    return status, text.strip(), time.monotonic() - began


def find_cases(arguments, words):
    cases = []
    for argument in map(Path, arguments):
        files = sorted(argument.iterdir()) if argument.is_dir() else [argument]
        cases += [f.resolve() for f in files
                  if f.is_file() and os.access(f, os.X_OK) and not f.name.startswith(".")]
    return [c for c in cases if not words or any(w in c.stem for w in words)]


def report(number, case, status, text, seconds):
    if status == 77:
        reason, *more = text.splitlines() or ["no reason given"]
        print(f"ok {number} - {case.stem} # SKIP {reason}")
        text = "\n".join(more)
    else:
        print(f"{'ok' if status == 0 else 'not ok'} {number} - {case.stem}")
    if text:
        print("\n".join(l if l.startswith("#") else f"# {l}" for l in text.splitlines()))
    if status not in (0, 77) or seconds > 20:
        print(f"# {case.stem} took {seconds:.1f} s")
    sys.stdout.flush()


def main():
    if sys.argv[1:2] == ["--one"]:
        return one(Path(sys.argv[2]), Path(sys.argv[3]), float(sys.argv[4]))
    parser = argparse.ArgumentParser(description="Runs test cases that mount file systems.")
    parser.add_argument("paths", nargs="+", help="a case, or a folder of cases")
    parser.add_argument("-j", type=int, default=(os.cpu_count() or 1) + 1, metavar="N",
                        help="so many at a time")
    parser.add_argument("-k", action="append", metavar="WORD", help="cases with WORD in the name")
    parser.add_argument("--build", type=Path, help="the build directory with the programs")
    parser.add_argument("--keep", action="store_true", help="keep all private directories")
    given = parser.parse_args()
    signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    for name, path in PROGRAMS.items():
        if given.build and (given.build / path).exists():
            os.environ[name] = str((given.build / path).resolve())
    if given.build and not (given.build / PROGRAMS["DARKROOMFS"]).exists():
        print(f"Bail out! no {PROGRAMS['DARKROOMFS']} in {given.build}")
        return 1

    if "DARKROOM_TEST_STRETCH" not in os.environ:
        if any(is_sanitized(os.environ.get(name, "")) for name in PROGRAMS):
            os.environ["DARKROOM_TEST_STRETCH"] = "4"

    cases = find_cases(given.paths, given.k)
    if not cases:
        print("1..0 # SKIP no such case" if given.k else "Bail out! no cases found")
        return 0 if given.k else 1
    if not os.access("/dev/fuse", os.R_OK | os.W_OK):
        if os.environ.get("CI") == "true":
            print("1..1\nnot ok 1 - /dev/fuse can be used")
            return 1
        print("1..0 # SKIP /dev/fuse cannot be used")
        return 0

    bad = 0
    with concurrent.futures.ThreadPoolExecutor(given.j) as pool:
        jobs = {pool.submit(run_case, case, given.keep): case for case in cases}
        try:
            for n, job in enumerate(concurrent.futures.as_completed(jobs), 1):
                status, text, seconds = job.result()
                report(n, jobs[job], status, text, seconds)
                bad += status not in (0, 77)
        except KeyboardInterrupt:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    print(f"1..{len(cases)}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
