"""Tries to refute the domains of a catalogue: inputs inside on which the correct Java differs.

`python bench/catalogue_domains.py FILE [--domains F] [--mended F] [--examples N] [--seed S]
[--only ID ...] [--out DIR]`. Inputs of the parameters' types: the boundaries, what Hypothesis
makes, texts of characters that ports get wrong, and the entry's own inputs with a part changed.
Those inside of the domain become fixtures of the correct Java; `parity run` must find no
difference. Exits with 0 where it finds none, and every listed input is inside, else with 1.
"""

from __future__ import annotations

import argparse
import itertools
import random
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from rich.console import Console
from rich.table import Table

from bench.catalogue import Entry, fixtures_of, parameters_of
from bench.catalogue_project import (
    chosen_entries,
    domain_of,
    mend,
    read_domains,
    unit_of,
    write_project,
)
from bench.plain_inputs import CHARACTERS, boundaries, strategy_of
from bench.project import (
    ROOT,
    Told,
    fixture_lines,
    fixtures_file,
    folder_for,
    run_parity,
    trouble_of,
    write,
)
from parity.values.form import Form, dumps, read
from parity.values.form import write as write_form

DATA = ROOT / "bench" / "catalogue"
ALPHABETS = (
    CHARACTERS,
    "0123456789+-._eE \x85",
    "aA. /\n",
    "aAΣσςßıİẞﬁ1'٣²Ꭰꮏ\U00010400",
    'a|,;"\\😀~',
)
TRIES = 4  # so many are drawn for one that is wanted, where the domain is narrow


@dataclass(frozen=True)
class Checked:
    """What came of one entry."""

    entry: Entry
    inputs: int
    unit: Mapping[str, Any]
    excluded: Sequence[str]

    @property
    def findings(self) -> list[Mapping[str, Any]]:
        """Differences inside of the domain."""
        return [one for one in self.unit["findings"] if one["verdict"] == "differs"]


def predicate(entry: Entry, domain: str | None) -> Callable[..., bool]:
    """A domain as a function of the parameters; everything is inside of none."""
    names = ", ".join(parameters_of(entry.line["signature"]))
    made: Callable[..., bool] = eval(f"lambda {names}: (\n{domain or 'True'}\n)")
    return made


# ---------------------------------------------------------------- inputs


def aimed(kind: str) -> st.SearchStrategy[Any]:
    """Values of a type, those at its edges and small ones more often."""
    edges = boundaries(kind)
    made = strategy_of(kind)
    if edges:
        made = st.sampled_from(edges) | made
    if kind in ("int", "long", "Long", "Integer"):
        made = st.integers(-12, 70) | made
    if kind in ("double", "Double"):
        tenths = st.integers(-(10**6), 10**6).map(lambda n: n / 1000)
        powers = st.builds(
            lambda m, x: float(f"{m}e{x}"), st.integers(-999, 999), st.integers(-330, 300)
        )
        made = tenths | powers | made
    if kind == "String":
        made = st.one_of(made, *(st.text(one, max_size=8) for one in ALPHABETS))
    if kind.startswith("List<"):
        made = st.lists(aimed(kind[5:-1]), max_size=6) | made
    return made


def drawn(kinds: Sequence[str], count: int, number: int) -> list[tuple[Any, ...]]:
    """So many inputs of these types, always the same of one number."""
    found: list[tuple[Any, ...]] = []

    @seed(number)
    @settings(
        max_examples=count,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.tuples(*map(aimed, kinds)))
    def draw(values: tuple[Any, ...]) -> None:
        found.append(values)

    draw()
    return found


def changed(listed: Sequence[Sequence[Any]], kinds: Sequence[str], chance: random.Random) -> Any:
    """A listed input with one of its values changed a little."""
    values = list(chance.choice(listed))
    at = chance.randrange(len(values))
    values[at] = _near(values[at], kinds[at], chance)
    return tuple(values)


def _near(value: Any, kind: str, chance: random.Random) -> Any:
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        near = [value + 1, value - 1, -value, value * 2, value * 10, value / 10]
        return (
            float(chance.choice(near))
            if kind in ("double", "Double")
            else int(chance.choice(near[:5]))
        )
    if isinstance(value, str | list):
        at = chance.randrange(len(value) + 1)
        if isinstance(value, str):
            return value[:at] + chance.choice(CHARACTERS) + value[at + chance.randrange(2) :]
        new = [chance.choice(value)] if value else []
        return value[:at] + new + value[at + chance.randrange(2) :]
    return value


def inputs_of(entry: Entry, examples: int, number: int) -> Iterator[tuple[Any, ...]]:
    """Everything that is tried on an entry, the boundaries first."""
    kinds = list(parameters_of(entry.line["signature"]).values())
    chance = random.Random(number)
    edges = [boundaries(kind) for kind in kinds]
    crossed = list(itertools.islice(itertools.product(*edges), 200_000))
    yield from chance.sample(crossed, min(len(crossed), examples))
    yield from drawn(kinds, examples, number)
    listed = listed_inputs(entry)
    if listed:
        yield from (changed(listed, kinds, chance) for _ in range(examples))


def fixtures_inside(
    entry: Entry, domain: str | None, examples: int, number: int
) -> list[dict[str, Form]]:
    """Fixtures of an entry: different ones, all inside of the domain and of the types."""
    inside = predicate(entry, domain)
    kinds = list(parameters_of(entry.line["signature"]).values())
    seen: set[str] = set()
    found: list[dict[str, Form]] = []
    for values in inputs_of(entry, examples, number):
        if not all(map(_fits, values, kinds)) or not inside(*values):
            continue
        args = [write_form(value) for value in values]
        text = dumps(args)
        if text not in seen:
            seen.add(text)
            found.append({"id": f"i{len(found)}", "args": args})
    return found


def _fits(value: Any, kind: str) -> bool:
    bits = {"int": 32, "Integer": 32, "long": 64, "Long": 64}.get(kind)
    return bits is None or value is None or -(2 ** (bits - 1)) <= value < 2 ** (bits - 1)


# ---------------------------------------------------------------- judging


def excluded(entry: Entry, domain: str | None) -> list[str]:
    """The listed inputs that a domain leaves out: there must be none."""
    inside = predicate(entry, domain)
    listed = listed_inputs(entry)
    return [dumps(write_form(values)) for values in listed if not inside(*values)]


def listed_inputs(entry: Entry) -> list[tuple[Any, ...]]:
    """The inputs that the file lists, as Python gets them."""
    return [tuple(read(one) for one in fixture["args"]) for fixture in fixtures_of(entry)]


def check(
    folder: Path, entries: Sequence[Entry], domains: Mapping[str, str], examples: int, number: int
) -> list[Checked]:
    """Runs the correct Java of the entries on inputs inside of their domains."""
    broken = write_project(folder, entries, sides=["correct"], inputs=[])
    if broken:
        raise SystemExit("\n".join(f"error: {unit}: {why}" for unit, why in broken.items()))
    made = {
        entry.name: fixtures_inside(entry, domain_of(entry, domains), examples, number)
        for entry in entries
    }
    write(
        folder,
        {
            fixtures_file(unit_of(entry, "correct")): fixture_lines(made[entry.name])
            for entry in entries
        },
    )
    told: Told = run_parity(folder)
    if not told.units:
        raise SystemExit(told.errors)
    return [
        Checked(
            entry,
            len(made[entry.name]),
            told.units[unit_of(entry, "correct")],
            excluded(entry, domain_of(entry, domains)),
        )
        for entry in entries
    ]


def main() -> int:
    """Checks a file and prints what refutes a domain."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--domains", type=Path, default=DATA / "domains.toml")
    parser.add_argument("--mended", type=Path, default=DATA / "mended.toml")
    parser.add_argument("--examples", type=int, default=500, help="of each of three kinds")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--only", nargs="+", default=[], metavar="ID")
    parser.add_argument("--out", type=Path, help="folder of the project; it stays")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    entries = mend(chosen_entries(options.file, options.only), options.mended)
    with folder_for(options.out) as folder:
        checked = check(
            folder, entries, read_domains(options.domains), options.examples, options.seed
        )
    console = Console(width=170, highlight=False, markup=False)
    table = Table(
        "entry", "inputs", "differ", "unknown", "input", "python", "java", box=None, pad_edge=False
    )
    for one in checked:
        unit = one.unit
        shown: Mapping[str, Any] = one.findings[0] if one.findings else {}
        if one.findings or unit["unknown"] or one.excluded:
            note = trouble_of(unit) if unit["unknown"] else ""
            note = note or "; ".join(f"{text} is outside" for text in one.excluded)
            table.add_row(
                str(one.entry.line["id"]),
                str(one.inputs),
                str(unit["differs"]),
                str(unit["unknown"]),
                _given(options.out, one, shown) or note,
                str(shown.get("python", "")),
                str(shown.get("java", "")),
            )
    if table.row_count:
        console.print(table)
    wrong = sum(bool(one.findings or one.excluded) for one in checked)
    unknown = sum(one.unit["unknown"] for one in checked)
    console.print(
        f"{len(checked) - wrong} of {len(checked)} domains hold"
        f" on {sum(one.inputs for one in checked)} inputs, {unknown} unknown"
    )
    return 1 if wrong or not checked else 0


def _given(out: Path | None, one: Checked, shown: Mapping[str, Any]) -> str:
    """The input of a finding, from the project that stayed."""
    if not shown or out is None:
        return str(shown.get("fixture", ""))
    lines = (out / fixtures_file(unit_of(one.entry, "correct"))).read_text("utf-8").splitlines()
    return next(
        line
        for line in lines
        if line.startswith(f'{{"id": "{shown["fixture"]}",') or f'"{shown["fixture"]}"' in line
    )


if __name__ == "__main__":
    sys.exit(main())
