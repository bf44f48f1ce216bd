"""`parity evaluate`: EC2, ECS or Step Functions, for a workload that was measured."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from parity.aws.asl import Machine
from parity.aws.history import Loop, histories
from parity.config import Config
from parity.errors import ParityError
from parity.evaluate.model import Counted, bill, break_even, limits
from parity.evaluate.workload import Workload, numbers_of, read_prices, read_workload
from parity.evaluated import OPTIONS, Evaluation, Failure, Figure
from parity.pipeline.workflow_judge import design_for

EVENTS: Final = 5
"""What a task writes into the history, and no state without retries writes more for itself."""


def evaluate(config: Config, file: Path, prices_file: Path | None = None) -> Evaluation:
    """Compares the three ways for the workload of a file. It runs nothing and asks nobody.

    Raises ParityError where the workload, the prices or the template cannot be read.
    """
    workload = read_workload(file)
    prices = read_prices(prices_file)
    counted = _counted(config, workload)
    bills = [bill(option, workload, counted, prices, workload.executions) for option in OPTIONS]
    used = {line.price for one in bills for line in one.lines if line.amount}
    pairs = [("step_functions", "ec2"), ("step_functions", "ecs"), ("ecs", "ec2")]
    return Evaluation(
        workload=workload.workflow,
        executions=workload.executions,
        figures=tuple(_figures(workload, counted)),
        prices=tuple(price for name, price in prices.items() if name in used),
        bills=tuple(bills),
        break_even=tuple(
            break_even(one, other, workload, counted, prices)  # type: ignore[arg-type]
            for one, other in pairs
        ),
        limits=limits(workload, counted),
        failures=tuple(
            Failure(one.option, one.what, one.outcome, one.source) for one in workload.failure
        ),
        notes={option: tuple(texts) for option, texts in workload.notes.items()},
        chosen=workload.chosen,
    )


def _figures(workload: Workload, counted: Counted) -> list[Figure]:
    found = [
        Figure(name, value, workload.sources.get(name))
        for name, value in numbers_of(workload).items()
    ]
    known = {one.name for one in found}
    from_machine = "counted in the state machine of the template, nothing failing"
    if "execution.transitions" not in known:
        found.append(Figure("execution.transitions", counted.transitions, from_machine))
    if "execution.calls" not in known:
        found.append(Figure("execution.calls", counted.calls, from_machine))
    return found


def _counted(config: Config, workload: Workload) -> Counted:
    """What an execution takes: as written, else as the state machine of the template says."""
    one = workload.execution
    flow = config.table.workflow.get(workload.workflow)
    if flow is None:
        if one.transitions is None or one.calls is None:
            raise ParityError(
                f"there is no workflow `{workload.workflow}` to count transitions in",
                where=str(config.file),
                why="neither the workload says `transitions` and `calls`, nor the config a machine",
                next_step="write both into [execution], or a table [workflow.…] into the config",
            )
        return Counted(one.transitions, one.calls, one.transitions * EVENTS)
    design = design_for(config, flow)
    machine = design.machine
    transitions, calls = _way(machine, set(design.functions), one.items)
    try:
        events = max(told.smooth for told in histories(machine, one.items))
    except Loop:
        events = round(transitions * EVENTS)
    return Counted(
        transitions if one.transitions is None else one.transitions,
        calls if one.calls is None else one.calls,
        events,
    )


def _way(machine: Machine, called: set[str], items: int) -> tuple[float, float]:
    """Transitions and calls on the longest way: nothing fails, no loop is taken twice."""
    known: dict[str, tuple[float, float]] = {}

    def behind(name: str, under_way: frozenset[str]) -> tuple[float, float]:
        if name in known:
            return known[name]
        state = machine.states[name]
        times = items if state.kind == "Map" else 1
        inside = [_way(one, called, items) for one in state.within]
        transitions = 1 + times * sum(one for one, _ in inside)
        calls = (name in called) + times * sum(one for _, one in inside)
        rest = [
            behind(after, under_way | {name})
            for after in state.ways()
            if after not in under_way and after != name
        ]
        longest = max(rest, default=(0.0, 0.0))
        found = transitions + longest[0], calls + longest[1]
        if not under_way:
            known[name] = found
        return found

    transitions, calls = behind(machine.start, frozenset())
    return transitions + 1, calls  # leaving the start is one too
