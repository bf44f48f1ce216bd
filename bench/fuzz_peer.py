"""Hypothesis with plain type strategies beside `parity fuzz`: same units, same seconds.

`python bench/fuzz_peer.py FILE [--domains F] [--mended F] [--seconds S] [--examples N]
[--only ID ...] [--ways WAY ...] [--write F] [--out DIR]`. FILE is what `bench/catalogue.py` takes.
The peer is the property test that a careful person writes: a strategy by each parameter's declared
type, 1,000 examples, shrinking, and the strict comparison of parity on the workers of parity, so
that the two differ in nothing but the inputs. It knows no domain; neither does `parity fuzz` in its
first row, and in its second it is given the domain. Told of each: naive entries of which it shows a
difference inside of the domain, the inputs until the first difference, the characters of the
smallest input that it shows, and correct entries that it says differ.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from bench.catalogue import FORMS, Entry, parameters_of
from bench.catalogue_domains import DATA, predicate
from bench.catalogue_project import (
    chosen_entries,
    domain_of,
    mend,
    read_domains,
    unit_of,
    write_project,
)
from bench.fuzzing import has_no_file, judge_parser, write_rows
from bench.plain_inputs import strategy_of
from bench.project import folder_for
from parity.config import find_config
from parity.fuzz.groups import Seen
from parity.model import Trouble
from parity.pipeline.fuzz import FuzzOptions, fuzz
from parity.pipeline.fuzz_judge import LaneJudge
from parity.pipeline.units import Selection, selected_units
from parity.run import Engine, LoadedUnit
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home
from parity.values.form import Form, dumps, read
from parity.values.form import write as write_form


class _Over(KeyboardInterrupt):
    """The seconds are over; Hypothesis lets it through."""


@dataclass
class Shown:
    """What one way of looking showed of one unit."""

    entry: Entry
    side: str
    inputs: int = 0
    first: int | None = None
    args: list[list[Form]] = field(default_factory=list)
    outside: int = 0
    seconds: float = 0.0

    @property
    def smallest(self) -> int | None:
        """Characters of the smallest input inside of the domain."""
        return min((len(dumps(one)) for one in self.args), default=None)

    def row(self, way: str) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "way": way,
            "id": self.entry.line["id"],
            "side": self.side,
            "inputs": self.inputs,
            "first": self.first,
            "size": self.smallest,
            "outside": self.outside,
            "seconds": round(self.seconds, 2),
        }


# ---------------------------------------------------------------- the peer


@contextmanager
def judges(folder: Path) -> Iterator[Callable[[str], LaneJudge | None]]:
    """The comparison of parity on its own workers, by unit; None where a unit cannot be loaded."""
    config = find_config(folder)
    home = java_home(config)
    ending = threading.Event()
    units = selected_units(config, Selection())
    entries = lambda: class_path(config, home, ending)  # noqa: E731
    with Engine(config, home, entries, 1, 100_000, ending, cover=True) as engine:
        loaded = engine.load(units)
        work = config.private / "peer" / f"{os.getpid()}"

        def judge(unit: str) -> LaneJudge | None:
            state: LoadedUnit | Trouble = loaded[unit]
            return None if isinstance(state, Trouble) else LaneJudge(engine, state, work / unit)

        yield judge


def peer(
    judge: LaneJudge, entry: Entry, side: str, seconds: float, examples: int, number: int
) -> Shown:
    """A property test: plain strategies, so many examples at most, the smallest one that fails."""
    shown = Shown(entry, side)
    kinds = parameters_of(entry.line["signature"]).values()
    started = time.monotonic()

    @seed(number)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*map(strategy_of, kinds)))
    def sides_agree(values: tuple[Any, ...]) -> None:
        if time.monotonic() - started > seconds:
            raise _Over
        args = [write_form(value) for value in values]
        judge.begin([{"args": args}])
        (seen,) = judge.finish()
        shown.inputs += 1
        if seen.verdict == "differs":
            shown.first = shown.first or shown.inputs
            shown.args = [args]
            raise AssertionError

    try:
        sides_agree()
    except (_Over, AssertionError):
        pass
    except Exception as error:  # Hypothesis wraps what failed, and says so where it is flaky
        if not shown.args:
            raise SystemExit(f"error: {entry.name}: {error!r}") from error
    shown.seconds = time.monotonic() - started
    return shown


# ---------------------------------------------------------------- parity


class Counting(LaneJudge):
    """The judge of `parity fuzz`, which counts the inputs until the first difference."""

    inputs = 0
    first: int | None = None

    def finish(self) -> list[Seen]:
        """What came of a batch."""
        seen = super().finish()
        for one in seen:
            Counting.inputs += 1
            if one.verdict == "differs" and Counting.first is None:
                Counting.first = Counting.inputs
        return seen


def fuzzed(folder: Path, entry: Entry, side: str, seconds: float, number: int) -> Shown:
    """`parity fuzz` on one unit: workers of its own, as the command has them."""
    Counting.inputs, Counting.first = 0, None
    started = time.monotonic()
    options = FuzzOptions(seconds=seconds, seed=number)
    with patch("parity.pipeline.fuzz.LaneJudge", Counting):
        report = fuzz(find_config(folder), Selection((unit_of(entry, side),)), options)
    (unit,) = report.units
    found = [one for one in unit.findings if one.verdict.value == "differs" and one.call]
    args = sorted((one.call["args"] for one in found), key=lambda one: len(dumps(one)))
    spent = time.monotonic() - started
    return Shown(entry, side, Counting.inputs, Counting.first, args, seconds=spent)


def with_outside(shown: Shown, domain: str | None) -> Shown:
    """The same, with what is outside of the domain counted and taken away."""
    inside = predicate(shown.entry, domain)
    kept = [args for args in shown.args if inside(*map(read, args))]
    shown.outside = len(shown.args) - len(kept)
    shown.args = kept
    return shown


# ---------------------------------------------------------------- side by side


def line_of(way: str, shown: Sequence[Shown]) -> list[str]:
    """A row of the table."""
    naive = [one for one in shown if one.side == "naive"]
    correct = [one for one in shown if one.side == "correct"]
    found = [one for one in naive if one.args]
    firsts = sorted(one.first or 0 for one in found)
    sizes = sorted(one.smallest or 0 for one in found)
    differ = [one for one in correct if one.args or one.outside]
    return [
        way,
        f"{len(found)} of {len(naive)}",
        f"{statistics.median(firsts):g} / {firsts[-1]}" if firsts else "-",
        f"{statistics.median(sizes):g} / {sizes[-1]}" if sizes else "-",
        str(sum(one.outside for one in naive)),
        f"{len(differ)} of {len(correct)}",
        str(sum(len(one.args) for one in correct)),
    ]


COLUMNS = (
    "looked at by",
    "naive found",
    "inputs until then (median / most)",
    "smallest input (median / most)",
    "outside of the domain",
    "correct said to differ",
    "of them inside",
)


def main() -> int:
    """Runs both and prints them side by side."""
    parser = judge_parser(__doc__, DATA / "domains.toml")
    parser.add_argument("--mended", type=Path, default=DATA / "mended.toml")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--examples", type=int, default=1000, help="of the peer, at most")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--ways", nargs="+", choices=("peer", "parity", "domain"), default=[])
    options = parser.parse_args()
    if has_no_file(options):
        return 0
    warnings.filterwarnings("ignore")
    entries = mend(chosen_entries(options.file, options.only), options.mended)
    domains = read_domains(options.domains)
    shown: dict[str, list[Shown]] = {}
    ways = options.ways or ["peer", "parity", "domain"]
    with folder_for(options.out) as folder:
        if "peer" in ways:
            shown["Hypothesis"] = by_peer(folder / "plain", entries, options)
        if "parity" in ways:
            shown["parity fuzz"] = by_parity(folder / "fuzz", entries, {}, options)
        if "domain" in ways:
            told = by_parity(folder / "domain", entries, domains, options)
            shown["parity fuzz, domain given"] = told
    table = Table(*COLUMNS, box=None, pad_edge=False)
    rows = []
    for way, told in shown.items():
        judged = [with_outside(one, domain_of(one.entry, domains)) for one in told]
        table.add_row(*line_of(way, judged))
        rows += [one.row(way) for one in judged]
    write_rows(options.write, rows)
    Console(width=170, highlight=False, markup=False).print(table)
    return 0 if rows else 1


def _project(
    folder: Path, entries: Sequence[Entry], inputs: Sequence[str], domains: Mapping[str, str]
) -> None:
    broken = write_project(folder, entries, sides=FORMS, inputs=inputs, domains=domains)
    if broken:
        raise SystemExit("\n".join(f"error: {unit}: {why}" for unit, why in broken.items()))


def by_peer(folder: Path, entries: Sequence[Entry], options: argparse.Namespace) -> list[Shown]:
    """All entries, against both forms of their Java, by the property test."""
    _project(folder, [without_domain(entry) for entry in entries], [], {})
    told = []
    with judges(folder) as judge_of:
        for side in FORMS:
            for entry in entries:
                judge = judge_of(unit_of(entry, side))
                if judge is None:
                    raise SystemExit(f"error: {unit_of(entry, side)} cannot be loaded")
                limits = options.seconds, options.examples, options.seed
                told.append(peer(judge, entry, side, *limits))
                judge.close()
    return told


def by_parity(
    folder: Path,
    entries: Sequence[Entry],
    domains: Mapping[str, str],
    options: argparse.Namespace,
) -> list[Shown]:
    """All entries, against both forms of their Java, by `parity fuzz`."""
    written = entries if domains else [without_domain(entry) for entry in entries]
    _project(folder, written, ["benign"], domains)
    return [
        fuzzed(folder, entry, side, options.seconds, options.seed)
        for side in FORMS
        for entry in entries
    ]


def without_domain(entry: Entry) -> Entry:
    """An entry that says nothing of its domain."""
    return Entry(entry.name, {key: one for key, one in entry.line.items() if key != "domain"})


if __name__ == "__main__":
    sys.exit(main())
