"""How many events an execution writes into its history, as a function of the number of items.

Step Functions ends an execution at 25,000 events. Counted are those that its documentation lists
for each kind of state; the longest way through the machine is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parity.aws.asl import Machine, State

MOST_EVENTS: Final = 25_000
AROUND: Final = 2  # ExecutionStarted, ExecutionSucceeded
FROM_THE_CALLED: Final = (".sync", ".sync:2", ".waitForTaskToken")


@dataclass(frozen=True, slots=True)
class History:
    """Events of one execution: when nothing fails, and when all that is tried again fails."""

    machine: str
    smooth: int
    worst: int


class Loop(Exception):
    """A way that leads back: nothing in the file says how often it is taken."""

    def __init__(self, state: State) -> None:
        super().__init__(state.path)
        self.state = state


def histories(machine: Machine, items: int | Mapping[str, int]) -> Iterator[History]:
    """The history of the outermost execution, and of each item of a distributed Map.

    `items` is the number of items of every inline Map, or of each by its path. Raises Loop.
    """
    smooth = AROUND + _longest(machine, items, failing=False)
    yield History(machine.path, smooth, AROUND + _longest(machine, items, failing=True))
    for _, state in machine.everywhere():
        if state.distributed:
            for inner in state.within:
                yield from histories(inner, items)


def most_items(machine: Machine, *, failing: bool, most: int = MOST_EVENTS) -> int | None:
    """The largest number of items of inline Maps that fits a history; None where any does."""

    def fits(items: int) -> bool:
        told = histories(machine, items)
        return all((one.worst if failing else one.smooth) <= most for one in told)

    if fits(most):
        return None  # each item would be at least two events
    low, high = -1, most
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if fits(middle) else (low, middle)
    return max(low, 0)


def _longest(machine: Machine, items: int | Mapping[str, int], *, failing: bool) -> int:
    known: dict[str, int] = {}
    under_way: set[str] = set()

    def behind(name: str) -> int:
        if name in known:
            return known[name]
        state = machine.states[name]
        if name in under_way:
            raise Loop(state)
        under_way.add(name)
        ways = list(state.ways())
        if failing:
            ways += [str(one["Next"]) for one in state.catchers()]
        known[name] = _events(state, items, failing=failing) + max(map(behind, ways), default=0)
        under_way.discard(name)
        return known[name]

    return behind(machine.start)


def _events(state: State, items: int | Mapping[str, int], *, failing: bool) -> int:
    again = state.retries() if failing else 0
    match state.kind:
        case "Task":
            called = str(state.body.get("Resource", "")).endswith(FROM_THE_CALLED)
            attempt = 4 if called else 3  # scheduled, started, (submitted,) ended
            return 2 + attempt * (1 + again)
        case "Fail":
            return 1
        case "Parallel":
            inner = sum(_longest(one, items, failing=failing) for one in state.within)
            return 2 + (2 + inner) * (1 + again)
        case "Map" if state.distributed:
            return 2 + 4 * (1 + again)
        case "Map":
            count = items if isinstance(items, int) else items.get(state.path, 1)
            inner = sum(_longest(one, items, failing=failing) for one in state.within)
            return 2 + (2 + count * (2 + inner)) * (1 + again)
        case _:
            return 2
