"""A single unit goes the way of a workflow: its switch is turned, and what it tells is judged."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from parity.aws.deployed import Alarm
from parity.config import find_config
from parity.cutover.switch import SwitchFile
from parity.errors import ParityError
from parity.gate import Gate, Moved
from parity.pipeline import cutover, unit_door
from parity.pipeline.cutover import Cutover, ShiftOptions, check
from parity.pipeline.progress import UNWATCHED
from parity.pipeline.unit_door import UnitDoor

UNIT = "shop:price"
CONFIG = """
[switch."shop:price"]
function = "price:live"
file = "switch/switch.json"
log = "switch/log"
alarms = ["fails"]
executions = 4
seconds = 5
"""
MAP = """
[unit."shop:price"]
java = "shop.Price"
numbers = "by-value"
nulls = "absent"
raises = { "NoPrice" = "shop.Unpriced" }
"""
SAME = {"same": True}
Line = dict[str, Any]


class Account:
    """An account with one alarm, which is quiet."""

    endpoint = None

    def alarms(self, names: Sequence[str]) -> dict[str, Alarm]:
        return {name: Alarm(name, "OK", tells=True) for name in names}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one switch, whose gate is open."""
    (tmp_path / "parity.toml").write_text(CONFIG)
    (tmp_path / "parity.map.toml").write_text(MAP)
    (tmp_path / "shop.py").write_text("")
    monkeypatch.setattr(cutover, "check", lambda *_: Gate(UNIT, ()))
    monkeypatch.setattr(cutover, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(unit_door, "LOOK_SECONDS", 0.01)
    UnitDoor(find_config(tmp_path), UNIT).install(tmp_path / "switch")
    return tmp_path


@contextmanager
def serving(folder: Path, line: Callable[[int], Line]) -> Iterator[None]:
    """A server whose calls go where its switch says; `line` is what the switch tells of each."""
    over = threading.Event()
    file = SwitchFile(folder / "switch/switch.json")
    log = folder / "switch/log/host-1.jsonl"
    log.parent.mkdir(exist_ok=True)

    def serve() -> None:
        number = 0
        while not over.wait(0.002):
            entry, revision = file.entry(UNIT), file.revision
            assert entry is not None
            if entry["mode"] == "legacy":
                continue
            number += 1
            told = {"unit": UNIT, "revision": revision, "at": time.time(), **line(number)}
            with log.open("a") as opened:
                opened.write(json.dumps(told) + "\n")

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def moved(folder: Path, **options: Any) -> Moved:
    """One call of the tool."""
    tool = Cutover(find_config(folder), UNIT, Account(), UNWATCHED)  # type: ignore[arg-type]
    return tool.shift(ShiftOptions(**options))


def wish(folder: Path) -> tuple[str, int, bool]:
    entry = SwitchFile(folder / "switch/switch.json").entry(UNIT)
    assert entry is not None
    return entry["mode"], entry["percent"], entry["guard"]


def test_all_steps_are_made_and_proven(folder: Path) -> None:
    with serving(folder, lambda _: SAME):
        done = moved(folder)
    assert (done.outcome, done.exit_status) == ("done", 0)
    assert done.proved >= 12
    assert [one.weight for one in done.steps if one.what == "proved"] == [10, 50, 100]
    assert wish(folder) == ("java", 100, False)
    stage = json.loads((folder / "tests/evidence/@stages/shop.price.json").read_text())
    assert stage == {"stage": "cut-over", "units": [UNIT]}


def both(python: Any, java: Any) -> Line:
    return {"event": {"count": 1}, "python": python, "java": java}


MATCHES: dict[str, Line] = {
    "on the terms of the unit": both({"returned": 1}, {"returned": 1.0}),
    "errors that the map pairs": both({"raised": "shop:NoPrice"}, {"raised": "shop.Unpriced"}),
}
PARTS: dict[str, Line] = {
    "another value": both({"returned": 1}, {"returned": 2}),
    "null that is absent to whom it matters": both({"returned": {"a": None}}, {"returned": {}}),
    "an error of java's": both({"returned": 1}, {"raised": "shop.Odd"}),
    "another error": both({"raised": "shop:NoPrice"}, {"raised": "shop.Odd"}),
    "a type of python's": {**both({"returned": [1]}, {"returned": [1]}), "note": "not tuple"},
}


@pytest.mark.parametrize("what", MATCHES)
def test_calls_match(what: str, folder: Path) -> None:
    with serving(folder, lambda _: MATCHES[what]):
        assert moved(folder).outcome == "done"


@pytest.mark.parametrize("what", PARTS)
def test_a_call_that_parts_leads_all_back(what: str, folder: Path) -> None:
    with serving(folder, lambda number: PARTS[what] if number == 3 else SAME):
        back = moved(folder)
    assert (back.outcome, back.exit_status) == ("rolled-back", 1)
    assert len(back.seen) == 1
    assert wish(folder) == ("legacy", 0, True)
    assert not (folder / "tests/evidence/@stages/shop.price.json").exists()


def test_calls_without_an_answer_lead_all_back_where_they_are_many(folder: Path) -> None:
    with serving(folder, lambda _: {"failed": "no answer in 1 s"}):
        back = moved(folder)
    assert back.outcome == "rolled-back"
    assert "no answer in 1 s" in back.why
    with serving(folder, lambda number: {"failed": "cold"} if number == 1 else SAME):
        assert moved(folder).outcome == "done"


def test_what_an_older_file_was_followed_for_proves_nothing(folder: Path) -> None:
    with serving(folder, lambda _: {**SAME, "revision": 1}):
        config = folder / "parity.toml"
        config.write_text(config.read_text().replace("seconds = 5", "seconds = 0.2"))
        assert moved(folder).outcome == "waiting"
    config.write_text(config.read_text().replace("seconds = 0.2", "seconds = 5"))
    with serving(folder, lambda _: SAME):
        assert moved(folder, resume=True).outcome == "done"


def test_in_the_shadow_legacy_is_served_whatever_comes(folder: Path) -> None:
    door = UnitDoor(find_config(folder), UNIT)
    with serving(folder, lambda _: SAME):
        assert door.shadow(UNWATCHED).outcome == "done"
    assert wish(folder) == ("legacy", 0, True)
    with serving(folder, lambda _: PARTS["another value"]):
        assert door.shadow(UNWATCHED).exit_status == 1
    assert wish(folder) == ("legacy", 0, True)


def test_a_unit_without_a_switch_is_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with pytest.raises(ParityError, match="`shop:prize` has no switch") as error:
        check(find_config(folder), "shop:prize", None)
    assert "shop:price" in str(error.value)
    (folder / "switch/switch.json").unlink()
    tool = Cutover(find_config(folder), UNIT, Account(), UNWATCHED)  # type: ignore[arg-type]
    with pytest.raises(ParityError, match="there is no switch for shop:price"):
        tool.rollback()
