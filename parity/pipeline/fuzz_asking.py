"""Inputs that bring replies of ports: python leads, and its calls are what java has to make.

A changed input leads to changed calls, to which nobody has recorded a reply. So python is answered
by the names of its calls, and what it asked is written into the input before java runs.
"""

from __future__ import annotations

from typing import Final

from parity.fuzz.calls import Call, calls_of_ports
from parity.model import Difference, Observation, Raised, Refused, Verdict

UNRECORDED: Final = "python makes a call of a port to which no reply was recorded"
UNANSWERED: Final = Observation(Refused(None, None, UNRECORDED))
"""What stands for java's line where python could not be answered."""
NO_REPLY: Final = Difference("$effects", "effect", None, None, Verdict.UNKNOWN, UNRECORDED)


def brings_replies(call: Call) -> bool:
    """Whether a call says what its ports answer, be it nothing."""
    return "ports" in (call.get("world") or {})


def is_unanswered(python: Observation) -> bool:
    """Whether python asked for something that nobody has recorded a reply to."""
    return any(one.entry is None for one in python.effects)


def as_asked(call: Call, python: Observation) -> Call | None:
    """The call with what python asked its ports for; None where something had no reply.

    Replies behind the last one that python took are left out: it went another way. Those before it
    stay, though python did without: a cache may hold them that is empty in another process.
    """
    if is_unanswered(python):
        return None
    replies = calls_of_ports(call)
    made = {one.entry: one.args for one in python.effects}
    taken = max((entry for entry in made if entry is not None), default=-1) + 1
    if not taken and not isinstance(python.outcome, Raised):
        return call
    ports = [
        {**reply, "args": made[index]} if index in made else reply
        for index, reply in enumerate(replies[:taken])
    ]
    return {**call, "world": {**call["world"], "ports": ports}}
