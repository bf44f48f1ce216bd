"""When to try again, when to roll back, and how long to wait."""

from __future__ import annotations

import zlib

PASSING = frozenset({"Unavailable", "Frozen", "NotHere"})
BEFORE_SWITCH = ("plan", "lock", "copy", "catch_up", "verify", "freeze", "switch")
MOST_ATTEMPTS = 14  # five to nine seconds: a host that is started again is back by then


def wait_ms(attempt: int, base: int = 25, ceiling: int = 1000, salt: str = "") -> int:
    """Milliseconds before an attempt: doubled each time up to a ceiling, less a share by salt."""
    if attempt <= 0:
        return 0
    full = min(ceiling, base << min(attempt - 1, 40))
    if not salt:
        return full
    share = zlib.crc32(f"{salt}:{attempt}".encode()) % 50
    return full - full * share // 100


def decide(step: str, error: str, attempt: int, switched: bool) -> str:
    """What follows a failed step: `retry`, `roll_back` or `stop`.

    A leader that is fenced stops. After the switch there is no way back, so it is retried for ever.
    """
    if error == "Fenced":
        return "stop"
    if switched or step not in BEFORE_SWITCH:
        return "retry"
    if error == "CopyDiffers":
        return "retry" if step == "catch_up" and attempt < 2 else "roll_back"
    if error not in PASSING:
        return "roll_back"
    return "retry" if attempt < MOST_ATTEMPTS else "roll_back"


def writer_decision(error: str, attempt: int, most: int = 200) -> tuple[str, int]:
    """What a writer does after a failed write, and the milliseconds to wait before it."""
    if attempt >= most:
        return "give_up", 0
    if error == "NotHere":
        return "look_up", wait_ms(min(attempt, 5), base=2, ceiling=50)
    if error == "Frozen":
        return "retry", wait_ms(min(attempt, 4), base=2, ceiling=20)
    if error == "Unavailable":
        return "look_up", wait_ms(attempt, base=20, ceiling=250)
    return "give_up", 0
