"""A cutover that is killed at any of its steps goes on where it was, and never anywhere else."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from parity.aws.deployed import Alarm, Run
from parity.config import find_config
from parity.cutover.journal import Journal, is_under_way
from parity.diff.generated import Window
from parity.errors import ParityError
from parity.gate import Gate, Moved, Reason, Route, Step
from parity.pipeline import cutover, workflow_door
from parity.pipeline.cutover import Cutover, ShiftOptions
from parity.pipeline.progress import UNWATCHED
from parity.pipeline.workflow_judge import Ran, Request

CONFIG = """
[workflow.Order]
template = "template.json"
machine = "Orders"
requests = "requests.jsonl"
python = ["python3", "once.py"]
java_world = ["true"]

[workflow.Order.states]
Double = "shop:double"

[workflow.Order.cutover]
machine = "arn:aws:states:us-east-1:1:stateMachine:orders"
alarms = ["fails"]
executions = 2
seconds = 5
steps = [10, 50, 100]
"""
ONCE = """
import json, sys
asked = json.load(sys.stdin)["request"]
json.dump({"returned": asked * 2, "world": None, "hops": []}, sys.stdout)
"""
DECIDED = {(100, 0), (90, 10), (50, 50), (0, 100)}


class Killed(BaseException):
    """What ends this process here."""


@dataclass
class Account:
    """An account in memory, which can end whoever calls it, before or after the call is made."""

    weights: dict[int, int] = field(default_factory=lambda: {1: 100})
    dies_at: int | None = None
    ringing: bool = False
    wrong: bool = False
    idle: bool = False
    endpoint: str | None = None
    calls: int = 0
    history: list[tuple[int, int]] = field(default_factory=list)

    def _called(self) -> None:
        self.calls += 1
        if self.calls == self.dies_at:
            raise Killed

    def machine(self, machine: str) -> str:
        self._called()
        return machine

    def route(self, _: str, __: str) -> Route:
        self._called()
        return Route(tuple(sorted(self.weights.items())))

    def turn(self, _: str, __: str, route: Route) -> None:
        self._called()
        self.weights = dict(route.weights)
        self.history.append((self.weights.get(1, 0), self.weights.get(2, 0)))
        self._called()

    def alarms(self, names: Sequence[str]) -> dict[str, Alarm]:
        self._called()
        state = "ALARM" if self.ringing else "OK"
        return {name: Alarm(name, state, tells=True) for name in names}

    def runs(self, _: str, __: float, known: Collection[str] = ()) -> Iterator[Run]:
        self._called()
        if self.idle:
            return
        for number in (1, 2, 3):
            output = number * 2 + self.wrong
            version = 1 if number == 3 else 2
            if f"run-{number}" not in known:
                yield Run(f"run-{number}", f"r{number}", version, "SUCCEEDED", number, output)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one workflow, whose gate is open."""
    (tmp_path / "parity.toml").write_text(CONFIG)
    (tmp_path / "once.py").write_text(ONCE)
    monkeypatch.setattr(cutover, "check", lambda *_: Gate("Order", ()))
    monkeypatch.setattr(cutover, "LOOK_SECONDS", 0.01)
    return tmp_path


def moved(folder: Path, account: Account, **options: bool | int) -> Moved:
    """One call of the tool."""
    tool = Cutover(find_config(folder), "Order", account, UNWATCHED)  # type: ignore[arg-type]
    return tool.shift(ShiftOptions(**options))  # type: ignore[arg-type]


def stage(folder: Path) -> str | None:
    """What is written of how far the units have come."""
    file = folder / "tests/evidence/@stages/Order.json"
    return str(json.loads(file.read_text())["stage"]) if file.exists() else None


def test_all_steps_are_made_and_proven(folder: Path) -> None:
    account = Account()
    done = moved(folder, account)
    assert (done.outcome, done.exit_status, done.proved) == ("done", 0, 6)
    assert account.history == [(90, 10), (50, 50), (0, 100)]
    assert [one.what for one in done.steps] == [
        "begin", *["shift", "shifted", "proved"] * 3, "done"
    ]  # fmt: skip
    assert stage(folder) == "cut-over"


def test_a_dry_run_changes_nothing(folder: Path) -> None:
    account = Account()
    assert moved(folder, account, dry_run=True).outcome == "dry"
    assert account.history == []
    assert not (folder / ".parity/cutover").exists()


def test_a_shut_gate_lets_nothing_through(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    reason = Reason("unproven", "shop:double", "there is no file", "parity run --evidence")
    monkeypatch.setattr(cutover, "check", lambda *_: Gate("Order", (reason,)))
    account = Account()
    refused = moved(folder, account)
    assert (refused.outcome, refused.exit_status) == ("refused", 1)
    assert "unproven" in refused.why
    assert account.history == []


def test_an_execution_that_parts_from_python_leads_all_back(folder: Path) -> None:
    account = Account(wrong=True)
    back = moved(folder, account)
    assert (back.outcome, back.exit_status) == ("rolled-back", 1)
    assert account.history == [(90, 10), (100, 0)]
    assert (back.seen[0].path, back.seen[0].python, back.seen[0].java) == ("$.result", 2, 3)
    assert stage(folder) is None


def test_an_alarm_leads_all_back(folder: Path) -> None:
    account = Account(ringing=True)
    assert moved(folder, account).outcome == "rolled-back"
    assert account.weights == {1: 100}


def test_what_is_not_proven_in_time_waits_and_can_go_on(folder: Path) -> None:
    config = folder / "parity.toml"
    config.write_text(config.read_text().replace("seconds = 5", "seconds = 0.05"))
    account = Account(idle=True)
    waiting = moved(folder, account)
    assert (waiting.outcome, waiting.exit_status) == ("waiting", 2)
    assert account.history == [(90, 10)]
    config.write_text(config.read_text().replace("seconds = 0.05", "seconds = 5"))
    account.idle = False
    assert moved(folder, account, resume=True).outcome == "done"
    assert account.history == [(90, 10), (50, 50), (0, 100)]


def test_only_so_far(folder: Path) -> None:
    account = Account()
    assert moved(folder, account, to=10).outcome == "waiting"
    assert account.history == [(90, 10)]
    assert moved(folder, account, resume=True).outcome == "done"
    assert account.history == [(90, 10), (50, 50), (0, 100)]


def test_one_that_is_under_way_is_not_begun_again(folder: Path) -> None:
    account = Account()
    moved(folder, account, to=10)
    with pytest.raises(ParityError, match="under way"):
        moved(folder, account)
    Journal(folder / ".parity/cutover/Order.jsonl").add(Step("done", 0.0))
    with pytest.raises(ParityError, match="no cutover of Order is under way"):
        moved(folder, account, resume=True)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Python's answers without a process for each."""

    def ran(_: object, __: object, request: Request, **___: object) -> Ran:
        return Ran({"returned": request.input * 2}, None, (), Window(0.0, 0.0))

    monkeypatch.setattr(workflow_door, "python_ran", ran)


def calls_of_a_whole_cutover(folder: Path) -> int:
    account = Account()
    moved(folder, account)
    (folder / ".parity/cutover/Order.jsonl").unlink()
    (folder / "tests/evidence/@stages/Order.json").unlink()
    return account.calls


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("wrong", [False, True])
def test_killed_at_any_call_it_goes_on_and_only_to_weights_that_were_decided(
    folder: Path, *, wrong: bool
) -> None:
    for number in range(1, calls_of_a_whole_cutover(folder) + 1):
        account = Account(dies_at=number, wrong=wrong)
        try:
            outcome = moved(folder, account).outcome
        except Killed:
            account.dies_at = None
            journal = Journal(folder / ".parity/cutover/Order.jsonl")
            under_way = is_under_way(journal.steps())
            outcome = moved(folder, account, resume=under_way).outcome
        assert outcome == ("rolled-back" if wrong else "done"), number
        assert account.weights == ({1: 100} if wrong else {2: 100}), number
        assert set(account.history) <= DECIDED, number
        (folder / ".parity/cutover/Order.jsonl").unlink()
        (folder / "tests/evidence/@stages/Order.json").unlink(missing_ok=True)


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("wrong", [False, True])
def test_killed_before_and_in_the_middle_of_any_line_of_the_journal(
    folder: Path, monkeypatch: pytest.MonkeyPatch, *, wrong: bool
) -> None:
    add = Journal.add
    for number in range(1, 12):
        for part in (0, 7):
            written = 0

            def dying(self: Journal, step: Step, number: int = number, part: int = part) -> Step:
                nonlocal written
                written += 1
                if written == number:
                    self.file.parent.mkdir(parents=True, exist_ok=True)
                    with self.file.open("ab") as file:
                        file.write(b'{"what": "shift"'[:part])
                    raise Killed
                return add(self, step)

            account = Account(wrong=wrong)
            monkeypatch.setattr(Journal, "add", dying)
            try:
                outcome = moved(folder, account).outcome
                monkeypatch.setattr(Journal, "add", add)
            except Killed:
                monkeypatch.setattr(Journal, "add", add)
                journal = Journal(folder / ".parity/cutover/Order.jsonl")
                outcome = moved(folder, account, resume=is_under_way(journal.steps())).outcome
            assert outcome == ("rolled-back" if wrong else "done"), (number, part)
            assert account.weights == ({1: 100} if wrong else {2: 100}), (number, part)
            assert set(account.history) <= DECIDED
            (folder / ".parity/cutover/Order.jsonl").unlink()
            (folder / "tests/evidence/@stages/Order.json").unlink(missing_ok=True)


def test_weights_that_nobody_decided_stop_it(folder: Path) -> None:
    account = Account(dies_at=9)
    with pytest.raises(Killed):
        moved(folder, account)
    account.dies_at = None
    account.weights = {1: 70, 2: 30}
    with pytest.raises(ParityError, match="leads where nobody decided") as error:
        moved(folder, account, resume=True)
    assert "30 % version 2" in error.value.why
    assert account.weights == {1: 70, 2: 30}
    tool = Cutover(find_config(folder), "Order", account, UNWATCHED)  # type: ignore[arg-type]
    assert tool.rollback().exit_status == 0
    assert account.weights == {1: 100}
