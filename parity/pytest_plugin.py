"""pytest face: `pytest --parity` collects the fixtures of a project's units as tests.

Each fixture is an item of its unit, in the map file that names the unit:
`parity.map.toml::billing:prorate::a_refund`. All units with a selected item are run at once, when
the first of them is due. An allowed difference passes; what differs, and what is not known, fails.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from _pytest._code.code import ReprFileLocation, TerminalRepr
from _pytest._io import TerminalWriter

if TYPE_CHECKING:
    from parity.config import Config
    from parity.model import Fixture, RunReport, Unit, UnitReport

# What it does is imported when it is asked for: every pytest run of the environment loads this.

RUNS: pytest.StashKey[Runs] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--parity`, for runs without which nothing here does anything."""
    group = parser.getgroup("parity", "Python against Java")
    group.addoption("--parity", action="store_true", help="collect the fixtures of mapped units")


def pytest_configure(config: pytest.Config) -> None:
    """Finds the project, where it is asked for; its map files are looked at by default."""
    if not config.getoption("--parity"):
        return
    from parity.errors import ParityError

    runs = config.stash[RUNS] = Runs(config.rootpath)
    try:
        files = sorted(str(file) for file in runs.map_files if runs.units)
    except ParityError as error:
        raise pytest.UsageError(str(error)) from None
    if config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        config.args.extend(files)


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.File | None:
    """A map file of the project, among the files that pytest looks at."""
    runs = parent.config.stash.get(RUNS, None)
    if runs is None or file_path.suffix != ".toml" or file_path not in runs.map_files:
        return None
    return MapFile.from_parent(parent, path=file_path)


class Runs:
    """The project of a session, and what its one run said."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.chosen: list[str] = []

    @cached_property
    def config(self) -> Config:
        """The config of the project; ParityError where there is none."""
        from parity.config import find_config

        return find_config(self.folder)

    @cached_property
    def map_files(self) -> set[Path]:
        """The map files of the project."""
        return {file.resolve() for file in self.config.map_files()}

    @cached_property
    def units(self) -> tuple[Unit, ...]:
        """All units that are mapped."""
        from parity.pipeline.mapped import mapped_units

        return mapped_units(self.config)

    @cached_property
    def report(self) -> RunReport | Wrong:
        """The run of all units that have a selected item, or why there is none."""
        from parity.errors import ParityError
        from parity.pipeline.run import run
        from parity.pipeline.units import Selection

        try:
            return run(self.config, Selection(units=tuple(self.chosen), every_finding=True))
        except ParityError as error:
            first, *rest = str(error).splitlines()
            return Wrong(f"unknown: {first}", rest)

    def unit(self, unit_id: str) -> UnitReport:
        """What the run said of a unit. Raises Wrong where nothing could be run."""
        if isinstance(self.report, Wrong):
            raise self.report
        return next(one for one in self.report.units if one.unit.id == unit_id)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Notes which units are to be run."""
    runs = session.config.stash.get(RUNS, None)
    if runs is not None:
        ids = (item.unit.id for item in session.items if isinstance(item, UnitItem))
        runs.chosen = list(dict.fromkeys(ids))


class MapFile(pytest.File):
    """A map: its units."""

    def collect(self) -> Iterable[UnitNode]:
        """The units that this file names."""
        runs = self.config.stash[RUNS]
        for unit in runs.units:
            if (runs.config.root / unit.map_file).resolve() == self.path.resolve():
                yield UnitNode.from_parent(self, name=unit.id, unit=unit)


class UnitNode(pytest.Collector):
    """A unit: its fixtures, and where it has allowances one item for them."""

    def __init__(self, *, unit: Unit, **more: Any) -> None:
        super().__init__(**more)
        self.unit = unit

    def collect(self) -> Iterator[UnitItem]:
        """An item for each fixture; one that says so where there is none."""
        from parity.fixtures import read_fixtures

        config = self.config.stash[RUNS].config
        fixtures = read_fixtures(config.fixtures, self.unit)
        for fixture in fixtures:
            yield FixtureItem.from_parent(self, name=fixture.id, fixture=fixture)
        if not fixtures or self.unit.allowances:
            yield UnitItem.from_parent(self, name="allowances" if fixtures else "fixtures")


class Wrong(Exception):
    """What is wrong with an item, whole in the first line."""

    def __init__(self, first: str, rest: Iterable[str] = ()) -> None:
        super().__init__(first)
        self.lines = [first, *rest]


class UnitItem(pytest.Item):
    """What concerns a unit as a whole."""

    @property
    def unit(self) -> Unit:
        """The unit."""
        assert isinstance(self.parent, UnitNode)
        return self.parent.unit

    @property
    def unit_report(self) -> UnitReport:
        """What the run said of the unit."""
        return self.config.stash[RUNS].unit(self.unit.id)

    def runtest(self) -> None:
        """Fails where the unit cannot be run, or an allowance is not used as it was given."""
        self.refuse_trouble()
        for state in self.unit_report.allowances:
            if state.state != "used":
                allowance = state.allowance
                what = f"the allowance of {allowance.kind} at {allowance.path} is {state.state}"
                raise Wrong(f"{self.unit.id}: {what}; its owner is {allowance.owner}")

    def refuse_trouble(self) -> None:
        """Fails where nothing is known of the unit."""
        trouble = self.unit_report.trouble
        if trouble is not None:
            rest = [f"at {trouble.where}"] if trouble.where else []
            why = " ".join(trouble.why.split())
            raise Wrong(f"unknown: {trouble.what}: {why}", [*rest, f"hint: {trouble.next_step}"])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the unit is named."""
        return self.path, None, f"{self.unit.id} {self.name}"

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None
    ) -> str | TerminalRepr:
        """The lines of what is wrong; our own defects as usual."""
        if not isinstance(excinfo.value, Wrong):
            return super().repr_failure(excinfo, style)
        path, line, _ = self.reportinfo()
        return WrongRepr(excinfo.value.lines, str(path), line or 0)


class FixtureItem(UnitItem):
    """One fixture of a unit."""

    def __init__(self, *, fixture: Fixture, **more: Any) -> None:
        super().__init__(**more)
        self.fixture = fixture

    def runtest(self) -> None:
        """Fails where the sides differ on the fixture, or it is not known whether they do."""
        from parity.model import Verdict
        from parity.report.telling import details, told

        self.refuse_trouble()
        found = [one for one in self.unit_report.findings if one.fixture == self.fixture.id]
        bad = [one for one in found if one.verdict is not Verdict.ALLOWED]
        if bad:
            rest = [line for one in bad[1:] for line in (told(one), *details(one))]
            raise Wrong(told(bad[0]), [*details(bad[0]), *rest])

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Where the fixture stands."""
        from parity.fixtures import fixture_file

        file = fixture_file(self.config.stash[RUNS].config.fixtures, self.unit)
        return file or self.path, self.fixture.line - 1, f"{self.unit.id} {self.fixture.id}"


class WrongRepr(TerminalRepr):
    """Lines of text; the first of them is the message of pytest's summary."""

    def __init__(self, lines: list[str], path: str, line: int) -> None:
        self.lines = lines
        self.reprcrash = ReprFileLocation(path, line + 1, lines[0])

    def toterminal(self, tw: TerminalWriter) -> None:
        """Prints them as they are."""
        for line in self.lines:
            tw.line(line)
