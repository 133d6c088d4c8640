# SPDX-License-Identifier: MIT
"""Stories that several cases tell with other particulars."""

from darkroom import (Mount, Sandbox, contains, equal, errno, picture_size, raises)


def create_unclear(**fault):
    """createTask's answer is no answer: the take is unknown, says what to do, and is never sent
    again by itself, not even when its text is saved again or after a restart.
    retry makes a new take."""
    faults = [{"on": "create", "from": 1, "to": 1, **fault}]
    with Sandbox({"faults": faults}) as api, Mount(api) as m:
        m.write("hero.prompt", "A lighthouse")
        first = m.wait_state("hero", "unknown")
        contains(first["error"], "may have", what="error")
        contains(first["hint"], "retry", what="hint")
        with raises(errno.EIO, what="hero.wait"):
            m.wait("hero")
        m.remount()
        m.write("hero.prompt", "A lighthouse")
        m.order("other", "A ship")
        equal(m.state("hero"), "unknown")
        equal(len(api.creates()), 2, "createTask requests")
        m.tell("hero", "retry")
        second = m.wait_state("hero", "success")
        equal(second["uuid"] != first["uuid"], True, "a new take")
        equal(len(api.creates()), 3, "createTask requests")


def status_unclear(**fault):
    """Two looks at a task are answered with nonsense: it goes on, and the picture comes."""
    faults = [{"on": "status", "from": 1, "to": 2, **fault}]
    with Sandbox({"faults": faults}) as api, Mount(api) as m:
        m.order("hero", "A lighthouse")
        picture_size(m / "hero.png")
        equal(len(api.creates()), 1, "createTask requests")


def picture_unclear(**fault):
    """A download goes wrong twice: it is fetched again until the picture is whole."""
    faults = [{"on": "download", "from": 1, "to": 2, **fault}]
    with Sandbox({"faults": faults}) as api, Mount(api) as m:
        m.order("hero", "A lighthouse", timeout=50)
        picture_size(m / "hero.png")
        equal(len(api.creates()), 1, "createTask requests")
        equal(list(m.hidden("incoming").iterdir()), [], "left in incoming")
