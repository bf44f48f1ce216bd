"""What a worker has started, known by a mark that all of it inherits.

A process can leave its session, its group, its folder and its parents, and drop its environment;
its limits it takes along. The mark is a value of one that Linux keeps and no longer looks at (the
number of file locks). So what a worker has started is found also where the worker was killed, and
nothing says any more who started it. Other systems have no marks.
"""

from __future__ import annotations

import os
import sys

RLIMIT_LOCKS = 10
"""Linux has not looked at it since 2.4.25; the module `resource` has no name for it."""
BITS = 40


def marked(pid: int) -> int | None:
    """Marks a process, ahead of all that it will start; None where the system cannot.

    The mark says who set it: a worker whose supervisor is gone knows it by that.
    """
    if sys.platform != "linux":
        return None
    import resource

    mark = os.getpid() << BITS | int.from_bytes(os.urandom(BITS // 8), "big")
    try:
        resource.prlimit(pid, RLIMIT_LOCKS, (mark, mark))
    except (OSError, ValueError):  # it has ended already, or somebody has set a lower limit
        return None
    return mark


def with_mark(mark: int | None) -> set[int]:
    """The processes that have a mark, also those that have ended and are not buried yet."""
    if mark is None or sys.platform != "linux":
        return set()
    import resource

    found = set()
    for name in os.listdir("/proc"):
        if name.isdigit():
            try:
                if resource.prlimit(int(name), RLIMIT_LOCKS)[1] == mark:
                    found.add(int(name))
            except OSError:  # it is gone, or another user's
                continue
    return found


def own_mark(supervisor: int) -> int | None:
    """The mark that this process has of its supervisor; None where it has none."""
    if sys.platform != "linux":
        return None
    import resource

    mark = resource.getrlimit(RLIMIT_LOCKS)[1]
    return mark if mark >> BITS == supervisor else None
