"""What the processes of a recorded program have written, put together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.values.form import Form, dumps

GIVEN = ("self", "args", "kwargs", "world")


@dataclass(slots=True)
class Seen:
    """Everything that was seen of one unit, in all processes."""

    calls: int = 0
    spent: float = 0.0
    formless: Counter[str] = field(default_factory=Counter)
    troubles: set[str] = field(default_factory=set)
    fixtures: dict[str, dict[str, Form]] = field(default_factory=dict)
    contradicting: set[str] = field(default_factory=set)

    def add(self, fixture: dict[str, Form]) -> None:
        """Adds a call; of two results of one input the first by its text is kept."""
        text = text_of(fixture)
        known = self.fixtures.setdefault(text, fixture)
        one, other = dumps(known.get("observed")), dumps(fixture.get("observed"))
        if one != other:
            self.contradicting.add(text)
            if other < one:
                self.fixtures[text] = fixture


@dataclass(slots=True)
class Spooled:
    """What was seen of all units, and for how many seconds their processes ran."""

    units: dict[str, Seen] = field(default_factory=dict)
    processes: int = 0
    seconds: float = 0.0

    @property
    def spent(self) -> float:
        """Seconds that the recording itself took in them."""
        return sum(seen.spent for seen in self.units.values())


def text_of(fixture: Mapping[str, Form]) -> str:
    """Canonical text of what a fixture gives, by which two are one."""
    return dumps(given_by(fixture))


def given_by(fixture: Mapping[str, Form]) -> dict[str, Form]:
    """What a fixture gives to the unit."""
    return {name: fixture[name] for name in GIVEN if fixture.get(name) not in (None, {})}


def read_spool(folder: Path) -> Spooled:
    """Reads the files of all processes; a last line that was cut off is left out."""
    spooled = Spooled()
    for file in sorted(folder.glob("*.jsonl")):
        spooled.processes += 1
        last: dict[str, Any] = {}
        written: Counter[str] = Counter()
        for document in _documents(file):
            if "fixture" in document:
                seen = spooled.units.setdefault(document["unit"], Seen())
                seen.add(document["fixture"])
                written[document["unit"]] += 1
            else:
                last = document
        spooled.seconds += last.get("seconds", 0.0)
        counts = last.get("counts", {})
        for unit_id in {**written, **counts}:
            seen = spooled.units.setdefault(unit_id, Seen())
            _add_counts(seen, counts.get(unit_id, {}), at_least=written[unit_id])
    return spooled


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            try:
                yield json.loads(line)
            except ValueError:
                continue  # the process was killed while it wrote this


def _add_counts(seen: Seen, counts: Mapping[str, Any], at_least: int) -> None:
    """Adds the last counts of a process, which may have ended before it told them all."""
    seen.calls += max(counts.get("calls", 0), at_least)
    seen.spent += counts.get("spent", 0.0)
    seen.formless.update(counts.get("formless", {}))
    if counts.get("trouble"):
        seen.troubles.add(counts["trouble"])
