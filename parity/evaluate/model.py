"""The model: amounts times prices, a line each. Every number is the workload's or a price's."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from parity.evaluate.workload import Workload
from parity.evaluated import Bill, BreakEven, Limit, Line, Option, Price

HOURS: Final = 730.0
"""Of a month."""

MOST_EXECUTIONS: Final = 10_000_000
MOST_BYTES: Final = 262_144
MOST_EVENTS: Final = 25_000
MOST_SECONDS: Final = 900.0
MOST_CALLS: Final = 1000
MOST_YEAR: Final = 31_536_000.0
"""One execution of a standard workflow may run for a year."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What an execution takes, as its state machine says."""

    transitions: float
    calls: float
    events: float


def bill(
    option: Option,
    workload: Workload,
    counted: Counted,
    prices: Mapping[str, Price],
    executions: float,
) -> Bill:
    """What one way costs a month with so many executions."""
    ways: Mapping[Option, Callable[..., Iterator[Line]]] = {
        "ec2": _ec2,
        "ecs": _ecs,
        "step_functions": _step_functions,
    }
    lines = [*ways[option](workload, counted, prices, executions)]
    hours = getattr(workload.staff, option)
    dollars = hours * workload.staff.dollars
    lines.append(Line("hours of people", hours, "staff", dollars, grows=False))
    return Bill(option, tuple(lines))


def _ec2(
    workload: Workload, _: Counted, prices: Mapping[str, Price], executions: float
) -> Iterator[Line]:
    hours = _hosts(workload, executions) * HOURS
    yield _line("hours of instances", hours, "instance_hour", prices, grows=True)
    yield from _around(workload, prices)


def _ecs(
    workload: Workload, _: Counted, prices: Mapping[str, Price], executions: float
) -> Iterator[Line]:
    hours = _hosts(workload, executions) * HOURS
    vcpu, gb = workload.servers.vcpu, workload.servers.gb
    yield _line("hours of vCPU", hours * vcpu, "vcpu_hour", prices, grows=True)
    yield _line("hours of GB", hours * gb, "gb_hour", prices, grows=True)
    yield from _around(workload, prices)


def _around(workload: Workload, prices: Mapping[str, Price]) -> Iterator[Line]:
    """What stands in front of servers."""
    balancers = workload.servers.balancers * HOURS
    yield _line("hours of balancers", balancers, "balancer_hour", prices, grows=False)


def _hosts(workload: Workload, executions: float) -> int:
    """Servers that so many executions keep busy, and never fewer than there have to be."""
    servers = workload.servers
    busy = executions * workload.execution.server_seconds / servers.at_a_time
    return max(servers.hosts, math.ceil(busy / (HOURS * 3600 * servers.busy)))


def _step_functions(
    workload: Workload, counted: Counted, prices: Mapping[str, Price], executions: float
) -> Iterator[Line]:
    one, calls = workload.execution, executions * counted.calls
    seconds = calls * workload.handler.seconds * workload.handler.gb
    growing = (
        ("transitions", executions * counted.transitions, "transition"),
        ("calls of handlers", calls, "request"),
        ("GB-seconds of handlers", seconds, "gb_second"),
        ("puts", executions * one.puts, "put"),
        ("gets", executions * one.gets, "get"),
        ("write units", executions * one.write_units, "write_unit"),
        ("read units", executions * one.read_units, "read_unit"),
    )
    for what, amount, price in growing:
        yield _line(what, amount, price, prices, grows=True)
    endpoints, nats = workload.network.endpoints * HOURS, workload.network.nats * HOURS
    yield _line("hours of endpoints", endpoints, "endpoint_hour", prices, grows=False)
    yield _line("hours of NAT gateways", nats, "nat_hour", prices, grows=False)


def _line(
    what: str, amount: float, price: str, prices: Mapping[str, Price], *, grows: bool
) -> Line:
    return Line(what, amount, price, amount * prices[price].dollars, grows)


# ---------------------------------------------------------------- break-even


def break_even(
    option: Option, other: Option, workload: Workload, counted: Counted, prices: Mapping[str, Price]
) -> BreakEven:
    """The fewest executions at which one way costs as much as another, and more from there on.

    Servers are bought whole, so a way may become dearer and cheaper again within one of them; what
    is given is the first number at which it becomes dearer.
    """

    costs = [_Cost(way, workload, counted, prices) for way in (option, other)]

    def dearer(executions: int) -> bool:
        one, two = (cost.at(executions) for cost in costs)
        return one >= two

    if dearer(0):
        return BreakEven(option, other, 0)
    for low, high in _spans(workload):
        if dearer(high):
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (low, middle) if dearer(middle) else (middle, high)
            return BreakEven(option, other, high)
    return BreakEven(option, other, None)


class _Cost:
    """What a way costs with any number of executions, of which very many are asked for.

    Servers cost by their number, which is a step; all else by the number of executions.
    """

    def __init__(
        self, option: Option, workload: Workload, counted: Counted, prices: Mapping[str, Price]
    ) -> None:
        self._workload = workload
        self._is_by_hosts = option != "step_functions"
        least, most = (
            bill(option, workload, counted, prices, executions).dollars
            for executions in (0, MOST_EXECUTIONS)
        )
        self._fixed = least
        self._each = (most - least) / max(1, self._grown(MOST_EXECUTIONS))

    def at(self, executions: int) -> float:
        """Dollars a month."""
        return self._fixed + self._each * self._grown(executions)

    def _grown(self, executions: int) -> int:
        """How many servers more than there have to be, or how many executions."""
        if self._is_by_hosts:
            return _hosts(self._workload, executions) - self._workload.servers.hosts
        return executions


def _spans(workload: Workload) -> Iterator[tuple[int, int]]:
    """Stretches of executions within which the number of servers stays the same."""
    servers = workload.servers
    each = HOURS * 3600 * servers.busy * servers.at_a_time / workload.execution.server_seconds
    low, hosts = 0, servers.hosts
    while low < MOST_EXECUTIONS:
        high = min(MOST_EXECUTIONS, max(low + 1, math.floor(each * hosts)))
        yield low, high
        low, hosts = high, hosts + 1


# ---------------------------------------------------------------- limits


def limits(workload: Workload, counted: Counted) -> tuple[Limit, ...]:
    """What the workload needs of the limits of Step Functions and Lambda."""
    one, peak = workload.execution, workload.peak
    return (
        Limit("history of an execution", counted.events, MOST_EVENTS, "events"),
        Limit("state between two steps", one.state_bytes, MOST_BYTES, "bytes"),
        Limit("one call of a handler", workload.handler.seconds, MOST_SECONDS, "seconds"),
        Limit("one execution", one.seconds, MOST_YEAR, "seconds"),
        Limit("calls at a time", peak.calls_at_a_time, MOST_CALLS, "calls"),
    )
