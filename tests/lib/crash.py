# SPDX-License-Identifier: MIT
"""Crash tests: the same story again and again, the daemon killed at its first, second, n-th fault
point, then started again.  It ends when a run is through untouched.

Whatever the point, no request is paid twice, no paid picture is lost without a trace, and what
close(2) promised is kept."""

import errno
import os
import random
import shutil
import sys
import time

from darkroom import (DEADLINE, Mount, MountFailed, STRETCH, Sandbox, attribute, equal, fail,
                      picture_size, place, private_directory, program, run, wait_for)

# Far more points than any story passes: without an end there is a loop.
MOST_POINTS = 400
QUICK = {"waiting_ms": 0, "queuing_ms": 0, "generating_ms": 40, "scale": 0.02}
GONE = (errno.ENOTCONN, errno.ECONNABORTED, errno.EIO, errno.ENOENT)


class Story:
    """What happens: prepare() before the daemon that dies is started, act() while it lives, check()
    when all has come to rest."""

    scenario = {}
    options = ""
    point = None        # where its daemon was killed last
    final = "hero"
    ends = {"success", "unknown"}   # what it may come to, all of which some point does

    def prepare(self, m, api):
        pass

    def act(self, m):
        """Saves what is ordered.  It is called again after the crash if it failed."""
        raise NotImplementedError

    def check(self, m, api, state):
        raise NotImplementedError


def one_run(story, *numbers):
    """Lives that end at these points, one after another, and a last one that is left alone.
    Returns (how many were killed, the last point's name, the final state)."""
    executable = program("DARKROOMFS_FAULTS", "darkroomfs-faults")
    with Sandbox({**QUICK, **story.scenario}) as api:
        m = Mount(api, story.options, settle=0.05, executable=executable)
        calm = m.environment
        m.start()
        story.prepare(m, api)
        m.unmount()

        saved, killed, points, logs = False, 0, [], []
        for number in numbers:
            log = place("faults.txt")
            m.environment = {**calm, "DARKROOM_KILL_AT": str(number),
                             "DARKROOM_FAULT_LOG": str(log)}
            saved = live(story, m, saved)
            status = end(m)
            story.point = last_point(log)
            points.append(f"{number} ({story.point})")
            logs.append(m.log())
            if status not in (0, -9):
                fail(f"point {points[-1]}: the daemon ended with {status}; log: {m.log()}")
            if status == 0:
                break
            killed += 1

        m.environment = calm
        try:
            m.start()
            if not saved:
                story.act(m)
            state = wait_for(lambda: came_to_rest(m, story.final), lambda: f"{story.final} ends:\n"
                             f"{m.status_text(story.final)}")
            wait_for(lambda: not os.listdir(m.hidden("incoming")),
                     lambda: f"empty incoming: {os.listdir(m.hidden('incoming'))}")
            story.check(m, api, state)
            m.unmount()
        except BaseException:
            report = [f"killed at {', '.join(points)}; saved before the last life: {saved}"]
            report += [f"-- log:\n{log}" for log in [*logs, m.log()]]
            report += [f"{r['request']} {r['http']} {r['code']} accepted={r.get('accepted')}"
                       for r in api.journal()]
            print("\n".join(report), file=sys.stderr)
            m.end()
            raise
        shutil.rmtree(m.source)
        return killed, points[-1], state


def live(story, m, saved):
    """The life of a daemon that may be killed.  Returns whether all was saved."""
    try:
        m.start()
        if not saved:
            story.act(m)
            saved = True
        limit = time.monotonic() + DEADLINE * STRETCH
        while m.process.poll() is None and not came_to_rest(m, story.final):
            if time.monotonic() > limit:
                fail(f"{story.final} does not end:\n{m.status_text(story.final)}\n{m.log()}")
            time.sleep(0.01)
    except MountFailed as e:
        if e.status != -9:
            raise
    except OSError as e:
        if e.errno not in GONE:
            raise
    return saved


def end(m):
    """Unmounts the daemon if it still lives; its exit status."""
    process, m.process = m.process, None
    if process is None:
        return -9
    while process.poll() is None:
        got = run("fusermount3", "-u", m.path, check=False)
        if got.returncode == 0:
            break
        time.sleep(0.02)
    return process.wait(DEADLINE * STRETCH)


def came_to_rest(m, name):
    state = m.state(name)
    return state if state in ("success", "unknown", "fail") else None


def end(m):
    """Unmounts the daemon if it still lives; its exit status."""
    m.first_log = m.log()
    process = m.process
    if process is None:
        return -9
    if process.poll() is None:
        try:
            m.unmount()
            return 0
        except AssertionError:
            if process.poll() != -9:
                raise
    m.process = None
    return process.wait()


def last_point(log):
    try:
        return log.read_text().splitlines()[-1].split(" ", 1)[1]
    except (OSError, IndexError):
        return "none"


def tell_story(story, first=1):
    """Runs it with every point; prints what each came to."""
    ends = set()
    for number in range(first, MOST_POINTS):
        killed, point, state = one_run(story, number)
        print(f"{point}: {'killed' if killed else 'untouched'}, then {state}", flush=True)
        for path in private_directory().glob("daemon*.log"):
            path.unlink()
        if not killed:
            equal(state, "success", "the end of the untouched run")
            equal(ends >= story.ends, True, f"the points come to {story.ends}: {ends}")
            return
        ends.add(state)
    fail(f"more than {MOST_POINTS} fault points")


def tell_at_random(story, runs, lives, most, seed):
    """Runs it with several deaths each, at random points."""
    rng = random.Random(seed)
    for _ in range(runs):
        numbers = [rng.randint(1, most) for _ in range(lives)]
        killed, point, state = one_run(story, *numbers)
        print(f"{numbers}: killed {killed} times, last {point}, then {state}", flush=True)


# ---- what holds after every crash ----

# Where the intention is on disk and the request may have left.
LEAVING = ("store.committed", "create.intended", "create.started")


def paid_once(api, text, state):
    """At most one request for this text ever left, and a success was paid."""
    sent = [r for r in api.creates() if r["body"]["input"]["prompt"] == text]
    equal(len(sent) <= 1, True, f"{len(sent)} requests for {text!r}")
    if state == "success":
        equal(len(sent) == 1 and sent[0]["accepted"], True, f"{text!r} was paid")
    return bool(sent)


def honest(story, sent):
    """Unknown is said only where the request was sent, or nobody can know."""
    equal(sent or story.point in LEAVING, True, f"unknown at {story.point}, where nothing was sent")


def whole(path, comment=None):
    picture_size(path)
    if comment is not None:
        equal(attribute(path, "user.xdg.comment", whole=True), comment, f"comment of {path}")


def retried(m, api, name):
    """An unknown take is sent again only by a person."""
    status = m.status(name)
    equal("hint" in status and "uuid" in status, True, f"{status}")
    before = len(api.creates())
    m.tell(name, "retry")
    m.wait_state(name, "success")
    equal(len(api.creates()), before + 1, "createTask requests after retry")
