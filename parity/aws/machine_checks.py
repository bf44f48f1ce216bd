"""What can be said of a state machine without running it: limits, timeouts, names of errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from parity.aws.asl import Machine, State
from parity.aws.classes import Classes
from parity.aws.history import MOST_EVENTS, Loop, histories, most_items
from parity.aws.payloads import MOST_BYTES, Assumed, payloads

JAVA: Final = re.compile(
    r"[a-z_][\w$]*(\.[\w$]+)+"
)  # `States.ALL` and `S3.NoSuchKey` are AWS's own
BY_TOKEN: Final = ".waitForTaskToken"


@dataclass(frozen=True, slots=True)
class Doubt:
    """One thing that would go wrong: where, what, and what to do about it."""

    kind: str  # "timeout" | "error-class" | "history" | "loop" | "payload"
    where: str
    what: str
    hint: str


def doubts(machine: Machine, assumed: Assumed, classes: Classes | None = None) -> list[Doubt]:
    """All doubts about a machine, for so many items and bytes; class names where there are some."""
    found = [*_timeouts(machine), *_histories(machine, assumed.items)]
    found += _payloads(machine, assumed)
    if classes is not None:
        found += _classes(machine, classes)
    return found


def _timeouts(machine: Machine) -> Iterator[Doubt]:
    if "TimeoutSeconds" not in machine.body:
        yield Doubt("timeout", "the machine", "has no TimeoutSeconds: it may run for a year",
                    "give it the longest time that it is allowed to take")  # fmt: skip
    for _, state in machine.everywhere():
        if state.kind != "Task":
            continue
        if not {"TimeoutSeconds", "TimeoutSecondsPath"} & state.body.keys():
            yield Doubt("timeout", state.path, "has no TimeoutSeconds: it waits for ever",
                        "give it a little more than its function has")  # fmt: skip
        beats = {"HeartbeatSeconds", "HeartbeatSecondsPath"} & state.body.keys()
        if str(state.body.get("Resource", "")).endswith(BY_TOKEN) and not beats:
            yield Doubt("timeout", state.path, "waits for a token without HeartbeatSeconds",
                        "a worker that died is noticed by its heartbeat only")  # fmt: skip


def _histories(machine: Machine, items: int) -> Iterator[Doubt]:
    try:
        told = list(histories(machine, items))
        smooth, failing = (most_items(machine, failing=one) for one in (False, True))
    except Loop as loop:
        yield Doubt("loop", loop.state.path, "a way leads back to it: its history has no bound",
                    "count the rounds in the state, or start a new execution for each")  # fmt: skip
        return
    for one in told:
        if one.worst <= MOST_EVENTS:
            continue
        when = "" if one.smooth > MOST_EVENTS else " once all is tried again that may be"
        events = one.smooth if one.smooth > MOST_EVENTS else one.worst
        fits = smooth if one.smooth > MOST_EVENTS else failing
        yield Doubt(
            "history",
            one.machine or "the machine",
            f"writes {events:,} events for {items:,} items{when}, {MOST_EVENTS:,} are the limit",
            f"up to {fits:,} items fit; a distributed Map gives each item its own history"
            if fits
            else "fewer MaxAttempts fit",
        )


def _payloads(machine: Machine, assumed: Assumed) -> Iterator[Doubt]:
    for one in payloads(machine, assumed):
        if one.bytes > MOST_BYTES:
            yield Doubt(
                "payload",
                one.state,
                f"{one.what} up to {one.bytes:,} bytes for {assumed.items:,} items, "
                f"{MOST_BYTES:,} are the limit",
                "leave results in a bucket, or drop them by ResultPath or ResultSelector",
            )


def _classes(machine: Machine, classes: Classes) -> Iterator[Doubt]:
    for _, state in machine.everywhere():
        for name in dict.fromkeys(_names(state)):
            if JAVA.fullmatch(name) and not classes.raisable(name):
                yield Doubt("error-class", state.path, f"matches {name}, which nothing can raise",
                            "no class of this name on the class path is a Throwable")  # fmt: skip


def _names(state: State) -> Iterator[str]:
    for one in [*state.retriers(), *state.catchers()]:
        yield from map(str, one.get("ErrorEquals", ()))
