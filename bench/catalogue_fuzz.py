"""Fuzzes a catalogue without its revealing inputs: the naive Java must be found, the correct not.

`python bench/catalogue_fuzz.py FILE [--domains F] [--mended F] [--seconds S] [--examples N]
[--side naive|correct|both] [--together] [--only ID ...] [--write F] [--out DIR]`. FILE is what
`bench/catalogue.py` takes. Each entry becomes a unit whose fixtures are its benign inputs, with its
domain as a term. `parity fuzz` is run on each of them, one command a unit, first against the naive,
then against the correct Java; without --seconds and --examples with its own limits, 2,000 inputs in
at most 10 seconds. A naive one is found where a difference inside of the domain is told in time;
every finding on a correct one, and every input outside of the domain, is wrong. Exits with 0 where
95 % are found and nothing is wrong, else with 1.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from bench.catalogue import FORMS, Entry
from bench.catalogue_domains import DATA, predicate
from bench.catalogue_project import (
    chosen_entries,
    domain_of,
    mend,
    read_domains,
    unit_of,
    write_project,
)
from bench.fuzzing import (
    Fuzzed,
    cause_of,
    fuzz,
    fuzz_together,
    has_no_file,
    judge_parser,
    outside,
    size,
    write_rows,
)
from bench.project import folder_for
from parity.pipeline.fuzz import SECONDS
from parity.values.form import dumps

ENOUGH = 0.95  # 78 of 82
GRACE = 1.0  # seconds over the time that a command may take to end


@dataclass(frozen=True)
class Result:
    """What fuzzing said of one entry against one form of its Java."""

    entry: Entry
    side: str
    fuzzed: Fuzzed
    outside: Sequence[str]

    @property
    def found(self) -> bool:
        """Whether a difference inside of the domain is told."""
        return len(self.fuzzed.findings) > len(self.outside)

    def row(self) -> dict[str, Any]:
        """What is kept of it."""
        return {
            "id": self.entry.line["id"],
            "side": self.side,
            "seconds": round(self.fuzzed.seconds, 2),
            "inputs": self.fuzzed.inputs,
            "outside": list(self.outside),
            "trouble": self.fuzzed.trouble,
            "unit": self.fuzzed.unit,
        }


def results(
    folder: Path,
    entries: Sequence[Entry],
    domains: Mapping[str, str],
    sides: Sequence[str],
    options: Sequence[str],
    *,
    together: bool = False,
) -> list[Result]:
    """Fuzzes all entries against these forms of their Java."""
    broken = write_project(folder, entries, sides=sides, inputs=["benign"], domains=domains)
    if broken:
        raise SystemExit("\n".join(f"error: {unit}: {why}" for unit, why in broken.items()))
    found = []
    for side in sides:
        units = [unit_of(entry, side) for entry in entries]
        told = fuzz_together(folder, units, options) if together else each(folder, units, options)
        for entry, fuzzed in zip(entries, told, strict=True):
            inside = predicate(entry, domain_of(entry, domains))
            found.append(Result(entry, side, fuzzed, outside(fuzzed.findings, inside)))
    return found


def each(folder: Path, units: Sequence[str], options: Sequence[str]) -> Iterator[Fuzzed]:
    """The units one by one, each in a command of its own."""
    for number, unit in enumerate(units, 1):
        if sys.stderr.isatty():
            print(f"\r{number} of {len(units)} {unit:<60}", end="", file=sys.stderr, flush=True)
        yield fuzz(folder, unit, options)


def table_of(found: Sequence[Result]) -> Table:
    """A row for each entry against its naive Java, for a correct one where it is wrong."""
    columns = ("entry", "Java", "s", "inputs", "findings", "size", "smallest input", "cause")
    table = Table(*columns, box=None, pad_edge=False)
    for one in found:
        if one.side == "correct" and not one.fuzzed.findings and not one.fuzzed.trouble:
            continue
        least = one.fuzzed.smallest
        shown = dumps(least["fixture_args"]) if least else one.fuzzed.trouble or "-"
        table.add_row(
            str(one.entry.line["id"]),
            one.side,
            f"{one.fuzzed.seconds:.1f}",
            str(one.fuzzed.inputs),
            str(len(one.fuzzed.findings)),
            str(size(least)) if least else "",
            shown if len(shown) <= 60 else shown[:57] + "...",
            cause_of(least) if least else "",
        )
    return table


def figures(found: Sequence[Result], limit: float | None) -> tuple[list[str], bool]:
    """The lines below the table, and whether they are good enough."""
    naive = [one for one in found if one.side == "naive"]
    correct = [one for one in found if one.side == "correct"]
    lines, good = [], bool(found)
    if naive:
        caught = [one for one in naive if one.found]
        in_time = [one for one in caught if _in_time(one, limit)]
        missed = [str(one.entry.line["id"]) for one in naive if not one.found]
        told = f", {len(in_time)} of them in <= {limit:g} s" if limit is not None else ""
        share = len(in_time) / len(naive)
        lines.append(f"naive: {len(caught)} of {len(naive)} found{told}")
        lines += [f"not found: {', '.join(missed)}"] if missed else []
        good &= share >= ENOUGH
    if correct:
        wrong = [one for one in correct if one.fuzzed.findings or one.fuzzed.trouble]
        count = sum(len(one.fuzzed.findings) for one in correct)
        lines.append(f"correct: {count} findings on {len(correct)} inside of their domains")
        good &= not wrong
    troubled = [one for one in found if one.fuzzed.trouble]
    lines += [f"{len(troubled)} could not be told: see the table"] if troubled else []
    out_of_domain = sum(len(one.outside) for one in found)
    longest = max((one.fuzzed.seconds for one in found), default=0.0)
    lines.append(f"{out_of_domain} findings outside of a domain; the longest took {longest:.1f} s")
    return lines, good and not out_of_domain and not troubled


def _in_time(one: Result, limit: float | None) -> bool:
    return limit is None or one.fuzzed.seconds <= limit + GRACE


def main() -> int:
    """Fuzzes a file and prints what was found."""
    parser = judge_parser(__doc__, DATA / "domains.toml")
    parser.add_argument("--mended", type=Path, default=DATA / "mended.toml")
    parser.add_argument("--seconds", type=float, help="seconds a unit")
    parser.add_argument("--examples", type=int, help="inputs a unit, however long they take")
    parser.add_argument("--side", choices=(*FORMS, "both"), default="both")
    parser.add_argument("--together", action="store_true", help="one command for all of a side")
    options = parser.parse_args()
    if has_no_file(options):
        return 0
    warnings.filterwarnings("ignore")
    entries = mend(chosen_entries(options.file, options.only), options.mended)
    limit = None if options.examples else options.seconds or SECONDS
    given = [
        *(["--seconds", f"{options.seconds}"] if options.seconds else []),
        *(["--examples", f"{options.examples}"] if options.examples else []),
    ]
    sides = FORMS if options.side == "both" else (options.side,)
    with folder_for(options.out) as folder:
        domains = read_domains(options.domains)
        found = results(folder, entries, domains, sides, given, together=options.together)
    write_rows(options.write, (one.row() for one in found))
    console = Console(width=170, highlight=False, markup=False)
    console.print(table_of(found))
    lines, good = figures(found, limit)
    for line in lines:
        console.print(line)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
