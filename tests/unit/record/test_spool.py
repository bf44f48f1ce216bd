"""What processes have written is put together, whatever became of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from parity.record.spool import read_spool, text_of


def line(unit: str, *args: Any, returned: Any = None) -> str:
    fixture = {"args": list(args), "observed": {"returned": returned}}
    return json.dumps({"unit": unit, "fixture": fixture}) + "\n"


def counts(seconds: float, **units: dict[str, Any]) -> str:
    whole = {
        name: {"calls": 0, "spent": 0.0, "formless": {}, "trouble": None} | given
        for name, given in units.items()
    }
    return json.dumps({"counts": whole, "seconds": seconds}) + "\n"


def test_processes_are_added_up(tmp_path: Path) -> None:
    one = line("u", 1) + counts(1.0, u={"calls": 3}) + line("u", 2)
    one += counts(2.0, u={"calls": 9, "spent": 0.5, "formless": {"open": 1}})
    (tmp_path / "1.jsonl").write_text(one)
    other = line("u", 2) + line("v", 1) + counts(3.0, u={"calls": 1, "formless": {"open": 2}})
    (tmp_path / "2.jsonl").write_text(other)
    spooled = read_spool(tmp_path)
    assert (spooled.processes, spooled.seconds, spooled.spent) == (2, 5.0, 0.5)
    seen = spooled.units["u"]
    assert (seen.calls, len(seen.fixtures), seen.formless) == (10, 2, {"open": 3})
    assert spooled.units["v"].calls == 1  # its process did not live to tell


def test_a_line_that_was_cut_off_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_text(line("u", 1) + line("u", 2)[:-9])
    assert len(read_spool(tmp_path).units["u"].fixtures) == 1


def test_of_two_results_the_same_is_kept_in_any_order(tmp_path: Path) -> None:
    kept = []
    for first, second in ((1, 2), (2, 1)):
        (tmp_path / "1.jsonl").write_text(
            line("u", 0, returned=first) + line("u", 0, returned=second)
        )
        seen = read_spool(tmp_path).units["u"]
        assert len(seen.contradicting) == 1
        kept.append(seen.fixtures)
    assert kept[0] == kept[1]


def test_inputs_are_one_by_what_they_give() -> None:
    one = {"args": [1], "kwargs": {}, "observed": {"returned": 1}}
    assert text_of(one) == text_of({"args": [1]})
    assert text_of(one) != text_of({"args": [1.0]})
    assert text_of(one) != text_of({"args": [1], "self": {"a": 1}})
