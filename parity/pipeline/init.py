"""`parity init`: from a repository that has never heard of parity to a first verdict."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from parity.config import Config, ConfigTable, JavaConfig, PythonConfig, tool_table
from parity.content import Content
from parity.counterparts import Candidate, Odd
from parity.errors import ParityError
from parity.fixtures import fixture_file, forget_fixtures
from parity.ledger.candidates import candidates
from parity.ledger.matching import Matching
from parity.ledger.wholes import with_whole_classes
from parity.model import (
    Begun,
    Finding,
    Form,
    LeftOut,
    Recorded,
    RunReport,
    Unit,
    UnitReport,
    Verdict,
)
from parity.pipeline.building import Building
from parity.pipeline.fuzz import FuzzOptions, fuzz
from parity.pipeline.mapped import mapped_units
from parity.pipeline.progress import Progress
from parity.pipeline.record import record
from parity.pipeline.run import run
from parity.pipeline.sources import JavaClasses, PythonSources
from parity.pipeline.units import Selection
from parity.sides.java.classpath import gradle_program
from parity.start import Layout, Proposal, config_text, look, map_text
from parity.start.dependencies import named_in

CONFIG, MAP = "parity.toml", "parity.map.toml"
FIXTURES: Final = ("tests/fixtures", "tests/parity", "parity-fixtures")
EXAMPLES: Final = 300
LEAST: Final = 100
"""So many are tried of each unit also on a machine on which they take longer than their time."""
AGREED: Final = 12
"""So many inputs on which the sides agree become fixtures, beside those that show something."""
AGREEING: Final = 0.2
"""A guess of which fewer inputs agree is not put to use: it may be no counterpart at all."""
PATIENCE: Final = 60.0
"""Seconds for which the tests may do nothing at all: one of them may wait for what never comes."""
NEAR_SHOWN: Final = 40
IN_PLACE: Final = (
    'cd "$0" && PYTHONPATH="$PYTHONPATH:$1" && export PYTHONPATH && shift && exec "$@" >&2'
)
"""Runs a command in the folder of the project, with its sources, and what it prints as progress."""
ISOLATE: Final = 'isolate = "fixture"'
CAMEL: Final = 'names = "camel"'
WITHOUT_BUILD: Final = (
    "compile it into a folder, and name that and the jars that it needs: "
    "parity init --classpath classes --classpath 'lib/*.jar'"
)

Ask = Callable[[str], bool]
Tell = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class InitOptions:
    """What a person has said already: roots, entries of the class path, the command of the tests.

    Up to `most` units are tried, for `seconds` each. Without `run` nothing of the project is built
    or run: then there is no verdict, and guesses stay comments.
    """

    sources: tuple[str, ...] = ()
    class_path: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    most: int = 25
    seconds: float = 4.0
    run: bool = True


def init(folder: Path, options: InitOptions, progress: Progress, ask: Ask, tell: Tell) -> Begun:
    """Writes config and map, makes fixtures, and runs them. No file is written over.

    `ask` decides whether a step that runs something is done. Raises ParityError where something is
    missing, which it names.
    """
    root = folder.resolve()
    _refuse_to_overwrite(root)
    layout = look(root, options.sources, options.class_path)
    _refuse_what_is_missing(layout)
    config = _config(layout)
    tell(_told(layout))
    is_built = layout.java.how in ("maven", "gradle")
    if is_built and options.run and ask(f"build the Java with {layout.java.tool}"):
        Building(config, progress).entries()
    progress.doing("looking for counterparts")
    found, near = _candidates(config)
    tell(_counted(found))
    start = _Start(config, layout, options, progress, ask, tell)
    return start.begun(found, near)


# ---------------------------------------------------------------- what is there


def _refuse_to_overwrite(root: Path) -> None:
    taken = [name for name in (CONFIG, MAP) if (root / name).exists()]
    pyproject = root / "pyproject.toml"
    if pyproject.is_file() and tool_table(pyproject) is not None:
        taken.append("pyproject.toml ([tool.parity])")
    if taken:
        raise ParityError(
            "parity is set up here already",
            where=str(root),
            why=f"there is {', '.join(taken)}, and nothing is written over",
            next_step="parity doctor says what is missing; to begin anew, move those away",
        )


def _refuse_what_is_missing(layout: Layout) -> None:
    root, java = str(layout.root), layout.java
    if not layout.sources or not layout.modules:
        raise ParityError(
            "there is no Python to be ported",
            where=root,
            why="no folder has modules, tests, documentation and environments left out",
            next_step="name the folder above the topmost package: parity init --sources DIR",
        )
    if java.how == "none":
        why = f"{java.sources} Java files, and neither a build nor classes nor a jar"
        raise ParityError(
            "it is not known how the Java is built" if java.sources else "there is no Java",
            where=root,
            why=why if java.sources else "no Java file, no build, no class and no jar",
            next_step=WITHOUT_BUILD
            if java.sources
            else "name where its classes are: parity init --classpath ../port/target/classes",
        )
    if java.how == "other":
        raise ParityError(
            f"{java.tool} is a build that parity cannot ask",
            where=str(layout.root / java.what[0]),
            why="only Maven and Gradle are known",
            next_step=f"{WITHOUT_BUILD}; or write {CONFIG} with a program that prints the class "
            'path: [java] classpath_command = ["bazel", "run", "//:cp"]',
        )
    if java.how == "gradle" and shutil.which(gradle_program(layout.root / java.what[0])) is None:
        raise _without_gradle(layout)
    folder = (layout.root / java.what[0]).parent
    if java.how == "maven" and not (folder / "mvnw").is_file() and shutil.which("mvn") is None:
        raise ParityError(
            "there is no Maven",
            where=str(layout.root / java.what[0]),
            why=f"there is neither a mvnw in {folder} nor a mvn on PATH",
            next_step=f"install Maven and type `parity init` again; without it, {WITHOUT_BUILD}",
        )


def _without_gradle(layout: Layout) -> ParityError:
    """What to add where the build is Gradle's and Gradle is not there."""
    folder = layout.root / layout.java.what[0]
    beside = layout.java.jars
    there = {one.name for pattern in beside for one in layout.root.glob(pattern)}
    missing = [one for one in named_in(folder) if not _is_among(one, there)]
    compiled = [
        one.relative_to(layout.root).as_posix()
        for one in sorted(folder.glob("**/build/classes/*/main"))
        if one.is_dir()
    ]
    jars = f"put {', '.join(missing)} and what they need into `lib`, and " if missing else ""
    entries = [*(compiled or ["classes"]), *beside, *(["lib/*.jar"] if missing else [])]
    shown = " ".join(f"--classpath '{one}'" for one in entries)
    return ParityError(
        "there is no Gradle to ask for the class path",
        where=str(folder),
        why="there is neither a gradlew in that folder that can be run, nor a gradle on PATH",
        next_step="add the wrapper (`gradle wrapper` makes it where there is a Gradle) or put "
        "gradle on PATH, and type `parity init` again: it then writes\n"
        f'        [java]\n        gradle = "{layout.java.what[0]}"\n'
        f"      Without Gradle, {jars}type:\n"
        + ("" if compiled else f"        {_by_hand(layout, folder, entries[1:])}\n")
        + f"        parity init {shown}",
    )


def _is_among(library: str, names: Collection[str]) -> bool:
    """Whether one of these jars is a library, in whatever version."""
    artifact = library.split(":")[1]
    return any(re.match(rf"{re.escape(artifact)}(-\d|\.jar)", name) for name in names)


def _by_hand(layout: Layout, folder: Path, jars: Sequence[str]) -> str:
    """The command that compiles what Gradle would, where sources lie as it expects them."""
    places = [one for one in sorted(folder.glob("**/src/main/java")) if one.is_dir()] or [folder]
    shown = " ".join(one.relative_to(layout.root).as_posix() or "." for one in places)
    listed = ":".join(one.removesuffix(".jar") if one.endswith("*.jar") else one for one in jars)
    path = f" -cp '{listed}'" if jars else ""
    return f"javac -d classes{path} $(find {shown} -name '*.java')"


def _config(layout: Layout) -> Config:
    """The config that is going to be written, as if it was read."""
    free = [one for one in FIXTURES if not _is_taken(layout.root / one)]
    java = layout.java
    sides = {
        "maven": JavaConfig(maven=java.what[0] if java.what else None),
        "gradle": JavaConfig(gradle=java.what[0] if java.what else None),
    }
    table = ConfigTable(
        sources=list(layout.sources),
        fixtures=free[0] if free else FIXTURES[-1],
        python=PythonConfig(interpreter=layout.interpreter),
        java=sides.get(java.how) or JavaConfig(classpath=list(java.what)),
    )
    return Config(layout.root, layout.root / CONFIG, table)


def _is_taken(folder: Path) -> bool:
    return folder.exists() and (not folder.is_dir() or any(folder.iterdir()))


def _told(layout: Layout) -> str:
    java = layout.java
    how = java.tool + f" ({java.what[0]})" if java.tool else f"class path {', '.join(java.what)}"
    return f"python: {', '.join(layout.sources)} ({layout.modules} files); java: {how}"


def _counted(found: Sequence[Candidate]) -> str:
    named = sum(one.named for one in found)
    return f"counterparts: {named} by a naming convention, {len(found) - named} by likeness"


def _candidates(config: Config) -> tuple[list[Candidate], list[Odd]]:
    """What names and signatures lead to, the surest first; and near misses."""
    content = Content(config.private / "cache" / "declared.json")
    python, java = PythonSources(config, content), JavaClasses(config)
    side = python.side()
    matching = Matching((), side, java.index, java.annotated, java.looked)
    matched = matching.counterparts()
    named = [
        Candidate(
            one.unit, one.java.partition("(")[0], {"java": one.java}, 1.0, one.python_signature,
            one.java_signature, one.file, one.line, named=True,
        )
        for one in matched.found
        if one.how == "name"
    ]  # fmt: skip
    guesses = candidates(
        side,
        java.index,
        taken={one.java.partition("(")[0] for one in matched.found},
        without={one.unit for one in matched.found},
    )
    content.keep()
    found = [*named, *sorted(guesses, key=lambda one: (-one.likeness, one.unit))]
    known = {one.unit for one in found}
    found = with_whole_classes(found, side.units)
    near = [one for one in matched.odd if one.kind == "near" and one.unit not in known]
    return found, near


# ---------------------------------------------------------------- what comes of it


@dataclass(frozen=True, slots=True)
class _Start:
    """A project that is being set up."""

    config: Config
    layout: Layout
    options: InitOptions
    progress: Progress
    ask: Ask
    tell: Tell

    def begun(self, found: Sequence[Candidate], near: Sequence[Odd]) -> Begun:
        """Writes, tries and runs."""
        proposals = self._proposals(found)
        near = near[:NEAR_SHOWN]
        files = [self.config.root / CONFIG, self.config.root / MAP]
        files[0].write_text(config_text(self._with_tests(), self.config.table.fixtures), "utf-8")
        ports = self.layout.ports
        files[1].write_text(map_text(proposals, near, ports), "utf-8")
        _keep_from_git(self.config)
        recorded = report = None
        if self.options.run and any(not one.left_out for one in proposals):
            recorded = self._recorded()
            proposals = self._tried(proposals)
            files[1].write_text(map_text(proposals, near, ports), "utf-8")
            report = self._report()
            if report is not None:
                proposals = [_completed(one, report) for one in proposals]
                files[1].write_text(map_text(proposals, near, ports), "utf-8")
        used = tuple(sorted(one.candidate.unit for one in proposals if not one.left_out))
        left = tuple(
            LeftOut(one.candidate.unit, one.candidate.java, one.left_out)
            for one in proposals
            if one.left_out
        )
        folder = self.config.fixtures
        fixtures = sorted(folder.rglob("*.jsonl")) if folder.is_dir() else []
        return Begun((*files, *fixtures), used, left, recorded, report, ran=self.options.run)

    def _with_tests(self) -> Layout:
        return replace(self.layout, tests=self.options.tests or self.layout.tests)

    def _proposals(self, found: Sequence[Candidate]) -> list[Proposal]:
        if not self.options.run:
            why = "only the names are alike ({:.0%}), and nothing was run"
            return [Proposal(one, "" if one.named else why.format(one.likeness)) for one in found]
        most = self.options.most
        why = f"it was not tried: of {len(found)} the {most} surest were"
        return [
            Proposal(one, "" if index < most or one.named else why)
            for index, one in enumerate(found)
        ]

    # ------------------------------------------------------------ inputs

    def _recorded(self) -> Recorded | None:
        """What the project's own tests give to the units."""
        python = self._python()
        command = self.options.tests
        if not command and self.layout.tests:
            if not _can_import(python, "pytest"):
                self.tell(f"tests are not recorded: {python} has no pytest")
                return None
            command = (python, *self.layout.tests)
        if not command or not self.ask(f"record the project's tests ({' '.join(command)})"):
            return None
        sources = os.pathsep.join(map(str, self.config.sources))
        in_place = ["sh", "-c", IN_PLACE, str(self.config.root), sources, *command]
        try:
            recorded = record(self.config, (), in_place, patience=PATIENCE)
        except ParityError as error:
            self.tell(f"tests are not recorded: {error.what}: {error.why}")
            return None
        if recorded.idle:
            self.tell(
                f"the tests did nothing for {PATIENCE:.0f} s and were ended; what they gave until "
                "then is kept"
            )
        for unit in recorded.units:
            reasons = unit.lost or unit.formless
            if unit.calls and not unit.fixtures and reasons:
                why = max(reasons, key=lambda one: reasons[one])
                self.tell(f"{unit.unit.id}: of {unit.calls} calls none is kept: {why}")
        return recorded

    def _python(self) -> str:
        given = self.layout.interpreter
        return str(self.config.root / given) if given else sys.executable

    def _tried(self, proposals: Sequence[Proposal]) -> list[Proposal]:
        """The same, without those of which inputs show that they are no counterparts."""
        units = {unit.id: unit for unit in mapped_units(self.config, may_be_empty=True)}
        tried = [one.candidate.unit for one in proposals if not one.left_out][: self.options.most]
        looked: Mapping[str, UnitReport] = {}
        if self.ask(f"make inputs for {len(tried)} units (parity fuzz --save)"):
            looked = self._looked(tried)
        return [
            one if one.left_out else self._judged(one, units[one.candidate.unit], looked)
            for one in proposals
        ]

    def _looked(self, unit_ids: Sequence[str]) -> Mapping[str, UnitReport]:
        options = FuzzOptions(
            self.options.seconds, EXAMPLES, save=True, agreeing=AGREED, least=LEAST
        )
        try:
            report = fuzz(self.config, Selection(tuple(unit_ids)), options, self.progress)
        except ParityError as error:
            self.tell(f"no inputs are made: {error.what}: {error.next_step}")
            return {}
        return {one.unit.id: one for one in report.units}

    def _judged(self, proposal: Proposal, unit: Unit, looked: Mapping[str, UnitReport]) -> Proposal:
        report = looked.get(unit.id)
        why = _why_not(proposal.candidate, report) if report is not None else ""
        has_inputs = fixture_file(self.config.fixtures, unit) is not None
        if proposal.candidate.named and has_inputs and CAMEL in why:
            why = ""  # a run says which line of the map is missing
        if not why and not has_inputs:
            why = "there is no input of it yet: parity record -- COMMAND, or parity fuzz --save"
        if why:
            forget_fixtures(self.config.fixtures, unit)
        notes = _notes(report) if report is not None else []
        return replace(proposal, left_out=why, notes=notes)

    def _report(self) -> RunReport | None:
        if not mapped_units(self.config, may_be_empty=True):
            return None
        return run(self.config, Selection(), self.progress)


def _keep_from_git(config: Config) -> None:
    """Caches are nobody's to commit; the project's own .gitignore is left alone."""
    config.private.mkdir(exist_ok=True)
    ignore = config.private / ".gitignore"
    if not ignore.exists():
        ignore.write_text("*\n", "utf-8")


def _can_import(python: str, module: str) -> bool:
    done = subprocess.run([python, "-c", f"import {module}"], capture_output=True, check=False)
    return done.returncode == 0


def _why_not(candidate: Candidate, report: UnitReport) -> str:
    """Why a guess is not put to use; nothing where it is."""
    trouble = report.trouble
    if trouble is not None:
        what = trouble.what.replace(f" of `{report.unit.id}`", "")  # it is told beside its unit
        return f"{what}: {' '.join(trouble.why.split())}"
    agreed = report.counts.get(Verdict.MATCHED, 0) + report.counts.get(Verdict.ALLOWED, 0)
    judged = agreed + report.counts.get(Verdict.DIFFERS, 0)
    if candidate.named or _is_of_numbers_only(report.findings):
        return ""
    if not judged or agreed < AGREEING * judged:
        return (
            f"the names are alike ({candidate.likeness:.0%}), and the sides agreed on "
            f"{agreed} of {judged} inputs: it may be no counterpart, or a poor one"
        )
    return ""


def _notes(report: UnitReport) -> list[str]:
    """Lines that a person may want to add, each with its reason. None is added by itself."""
    notes = []
    if _is_of_numbers_only(report.findings):
        shown = report.findings[0].difference
        notes.append(
            f'numbers = "by-value"  # python gives {shown.python} where java gives {shown.java}'
        )
    return notes + _spelt(report.findings)


def _spelt(findings: Sequence[Finding]) -> list[str]:
    """The term for fields that Java spells in camel case, where a finding names it."""
    notes = (one.difference.note or "" for one in findings)
    camel = next((one for one in notes if CAMEL in one), None)
    return [f"{CAMEL}  # {camel.partition(';')[0]}"] if camel is not None else []


def _completed(proposal: Proposal, report: RunReport) -> Proposal:
    """The same, with the terms that only a run of all fixtures shows: for a unit whose fixtures
    leave something behind for the next, and for arguments whose fields Java spells otherwise."""
    findings = [
        finding
        for unit in report.units
        if unit.unit.id == proposal.candidate.unit
        for finding in unit.findings
    ]
    notes = list(proposal.notes)
    if any(ISOLATE in (one.difference.note or "") for one in findings):
        why = "recorded calls are not made: an earlier fixture may have filled a cache"
        notes.append(f"{ISOLATE}  # {why}")
    if not any(one.startswith(CAMEL) for one in notes):
        notes += _spelt(findings)
    return replace(proposal, notes=notes)


def _is_of_numbers_only(findings: Sequence[Finding]) -> bool:
    """Whether the sides gave equal numbers of two types, wherever they differ."""
    return bool(findings) and all(
        one.difference.kind == "type" and _same_number(one.difference.python, one.difference.java)
        for one in findings
    )


def _same_number(one: Form, two: Form) -> bool:
    numbers = (int, float)
    is_number = isinstance(one, numbers) and isinstance(two, numbers)
    return is_number and not isinstance(one, bool) and not isinstance(two, bool) and one == two
