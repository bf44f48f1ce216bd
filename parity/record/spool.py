"""What the processes of a recorded program have written, put together."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.values.form import Form, dumps

GIVEN = ("self", "args", "kwargs", "steps", "world")


@dataclass(frozen=True, slots=True)
class Spoken:
    """One call as a process has told it: `at` is when it began, in seconds since 1970.

    `masked` says that it has tokens, `settled` that what it observed was seen with them.
    """

    fixture: dict[str, Form]
    at: float = 0.0
    masked: bool = False
    settled: bool = False


@dataclass(slots=True)
class Seen:
    """Everything that was seen of one unit, in all processes."""

    calls: int = 0
    spent: float = 0.0
    formless: Counter[str] = field(default_factory=Counter)
    troubles: set[str] = field(default_factory=set)
    calls_by_text: dict[str, Spoken] = field(default_factory=dict)
    contradicting: set[str] = field(default_factory=set)

    def add(self, fixture: dict[str, Form], at: float = 0.0, masked: bool = False) -> None:
        """Adds a call; of two results of one input the first by its text is kept."""
        self.put(Spoken(fixture, at, masked))

    def put(self, spoken: Spoken) -> None:
        """The same, of a call as it was told."""
        text = text_of(spoken.fixture)
        known = self.calls_by_text.setdefault(text, spoken)
        one, other = dumps(known.fixture.get("observed")), dumps(spoken.fixture.get("observed"))
        if one != other:
            self.contradicting.add(text)
            if other < one:
                self.calls_by_text[text] = spoken

    @property
    def fixtures(self) -> dict[str, dict[str, Form]]:
        """The lines of what was seen, by the text of what they give."""
        return {text: one.fixture for text, one in self.calls_by_text.items()}


@dataclass(slots=True)
class Spooled:
    """What was seen of all units, and for how many seconds their processes ran."""

    units: dict[str, Seen] = field(default_factory=dict)
    processes: int = 0
    seconds: float = 0.0
    hidden: set[str] = field(default_factory=set)
    """Fingerprints of what was masked."""

    masked: Counter[str] = field(default_factory=Counter)

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
    return read_files(sorted(folder.glob("*.jsonl")))


def read_files(files: Sequence[Path]) -> Spooled:
    """Reads what processes have written, a file each."""
    spooled = Spooled()
    for file in files:
        for documents in _processes(file):
            _add_process(spooled, documents)
    return spooled


def _add_process(spooled: Spooled, documents: Iterable[Mapping[str, Any]]) -> None:
    """Adds what one process has written."""
    spooled.processes += 1
    last: Mapping[str, Any] = {}
    written: Counter[str] = Counter()
    for document in documents:
        if "fixture" in document:
            seen = spooled.units.setdefault(document["unit"], Seen())
            seen.put(_spoken(document))
            spooled.hidden.update(document.get("hidden", ()))
            written[document["unit"]] += 1
        elif "counts" in document:
            last = document
    spooled.seconds += last.get("seconds", 0.0)
    spooled.masked.update(last.get("masked", {}))
    counts = last.get("counts", {})
    for unit_id in {**written, **counts}:
        seen = spooled.units.setdefault(unit_id, Seen())
        _add_counts(seen, counts.get(unit_id, {}), at_least=written[unit_id])


def _processes(file: Path) -> Iterator[list[dict[str, Any]]]:
    """What stands in a file, process by process: the standalone recorder gathers several in one."""
    process: list[dict[str, Any]] = []
    for document in _documents(file):
        if "process" in document and process:
            yield process
            process = []
        elif "process" not in document:
            process.append(document)
    yield process


def _spoken(document: Mapping[str, Any]) -> Spoken:
    masked, settled = "hidden" in document, bool(document.get("settled"))
    return Spoken(document["fixture"], document.get("at", 0.0), masked, settled)


def _documents(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="ascii", errors="replace") as lines:
        for line in lines:
            try:
                document = json.loads(line)
            except ValueError:
                continue  # the process was killed while it wrote this
            if isinstance(document, dict):
                yield document


def _add_counts(seen: Seen, counts: Mapping[str, Any], at_least: int) -> None:
    """Adds the last counts of a process, which may have ended before it told them all."""
    seen.calls += max(counts.get("calls", 0), at_least)
    seen.spent += counts.get("spent", 0.0)
    seen.formless.update(counts.get("formless", {}))
    if counts.get("trouble"):
        seen.troubles.add(counts["trouble"])
