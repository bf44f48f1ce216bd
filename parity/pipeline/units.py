"""Which units a verb is about, and on which of their fixtures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from parity.config import Config
from parity.errors import ConfigError, ParityError, Problem, did_you_mean
from parity.fixtures import FixtureRows, fixture_file, fixture_of, line_of
from parity.fixtures.lines import Row
from parity.mapping import file_name
from parity.model import Trouble, Unit
from parity.pipeline.mapped import mapped_units

FINDINGS_PER_UNIT = 100


@dataclass(frozen=True, slots=True)
class Selection:
    """What to run: units (all where none is named), one fixture, or an input given by hand.

    Of a unit at most 100 findings are kept, unless `every_finding` is wanted.
    """

    units: tuple[str, ...] = ()
    fixture: str | None = None
    given: str | None = None
    every_finding: bool = False

    @property
    def most(self) -> int | None:
        """How many findings of a unit are kept; None where it is all."""
        return None if self.every_finding else FINDINGS_PER_UNIT

    @property
    def complete(self) -> bool:
        """Whether units run on all their fixtures, so that an unused allowance can be told."""
        return self.fixture is None and self.given is None


def selected_units(config: Config, selection: Selection, *, build: bool = True) -> list[Unit]:
    """The mapped units that are named, or all; an unknown name is an error.

    Sources that map themselves by `@PortedFrom` are compiled first, where `build` allows it.
    """
    units = {unit.id: unit for unit in mapped_units(config, build=build)}
    for unit_id in selection.units:
        if unit_id not in units:
            near = did_you_mean(unit_id, list(units))
            raise ParityError(
                f"there is no unit `{unit_id}`",
                where=str(config.file),
                why='no [unit."…"] table has that name, and no class carries it as @PortedFrom',
                next_step=near or "see which there are: " + ", ".join(list(units)[:10]),
            )
    return [units[unit_id] for unit_id in dict.fromkeys(selection.units or units)]


Fixtures = FixtureRows | Sequence[Row]


def fixtures_of(config: Config, unit: Unit, selection: Selection) -> Fixtures:
    """The fixtures of a unit that are to be run; empty where it has none.

    A file is looked at as it is read, and `refuse_problems` tells what was wrong in it.
    """
    if selection.given is not None:
        given = fixture_of(selection.given, where="--input")
        return [Row.of(line_of(given))]
    file = fixture_file(config.fixtures, unit)
    if file is None:
        return []
    rows = FixtureRows(file, unit)
    if selection.fixture is None:
        return rows
    every = list(rows.all())
    rows.refuse_problems()
    return [_named(unit, every, selection.fixture)]


def fixture_ids(config: Config, unit: Unit) -> Iterator[str]:
    """The fixtures of a unit by their ids, as they stand in its file."""
    file = fixture_file(config.fixtures, unit)
    if file is not None:
        for row in FixtureRows(file, unit).all():
            yield row.id


def refuse_problems(files: Sequence[FixtureRows]) -> None:
    """Raises one ConfigError for everything that was wrong in any of the files."""
    wrong = [rows for rows in files if rows.problems]
    if len(wrong) == 1:
        wrong[0].refuse_problems()
    problems: list[Problem] = []
    for rows in wrong:
        try:
            rows.refuse_problems()
        except ConfigError as error:
            problems += [
                Problem(f"{rows.file}, {problem.where}", problem.why, problem.hint)
                for problem in error.problems
            ]
    if problems:
        raise ConfigError(f"{len(wrong)} fixture files together", problems, kind="fixtures")


def _named(unit: Unit, rows: Sequence[Row], name: str) -> Row:
    for row in rows:
        if row.id == name:
            return row
    names = [row.id for row in rows]
    raise ParityError(
        f"`{unit.id}` has no fixture `{name}`",
        where=None,
        why=f"its file holds {len(names)} fixtures, none of that id",
        next_step=did_you_mean(name, names) or f"the first is `{names[0] if names else 'none'}`",
    )


def no_fixtures(config: Config, unit: Unit) -> Trouble:
    """What to say of a unit that has none."""
    file = fixture_file(config.fixtures, unit)
    place = file or config.fixtures / f"{file_name(unit.id)}.jsonl"
    return Trouble(
        what=f"`{unit.id}` has no fixtures",
        where=str(place),
        why="the file holds none" if file else "there is no such file",
        next_step='write one input a line: {"id": "first", "args": [1, 2]}',
        code="no_fixtures",
    )
