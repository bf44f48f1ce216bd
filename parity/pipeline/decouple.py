"""`parity decouple`: what the scan tells of a unit, the seams in its source, the tests after."""

from __future__ import annotations

import ast
import os
import shlex
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.config import Config, config_above
from parity.decouple import Source, Target, functions, group, propose, read
from parity.errors import ParityError, did_you_mean
from parity.pipeline.scan import scan
from parity.scanned import (
    Coupling,
    Effect,
    Raised,
    ScannedCall,
    ScannedUnit,
    Shared,
    Unresolved,
)
from parity.seams import Group, Proposal

TOLD = 2000
"""Characters of what failed tests say, from their end."""


@dataclass(frozen=True, slots=True)
class Tried:
    """A proposal, and what came of it: `proposed`, `nothing`, `written`, or `taken back`.

    `told` is the end of what the tests said where they failed.
    """

    proposal: Proposal
    outcome: str
    told: str = ""


@dataclass(slots=True)
class Project:
    """A scanned project: its report, and its files as they are needed."""

    root: Path
    roots: list[Path]
    document: Mapping[str, Any]
    config: Config | None

    def unit(self, id_: str) -> ScannedUnit:
        """A unit by its id; ParityError with near ones where there is none."""
        for row in self.document["units"]:
            if row["id"] == id_:
                return unit_of(row)
        known = [row["id"] for row in self.document["units"]]
        raise ParityError(
            f"there is no unit `{id_}`",
            where=None,
            why=did_you_mean(id_, known) or "the scan found none of that name",
            next_step="parity scan --json lists all units",
        )

    def place(self, shown: str) -> Path:
        """The file that the scan calls so."""
        return self.root / shown

    def source(self, unit: ScannedUnit) -> Source:
        """The parsed file of a unit."""
        place = self.place(unit.file)
        try:
            data = place.read_bytes()
            module = unit.id.partition(":")[0]
            return read(unit.file, module, data, is_package=place.name == "__init__.py")
        except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise ParityError(
                f"`{unit.id}` cannot be read",
                where=unit.file,
                why=str(error),
                next_step="mend the file; nothing was changed",
            ) from None


def project_of(folder: Path, path: Path | None) -> Project:
    """Scans the project, or what is below `path`."""
    document = scan(folder, path).document
    roots = [Path(one) for one in document["roots"]]
    config = config_above(path if path is not None else folder)
    root = config.root if path is None and config is not None else roots[0]
    return Project(root, roots, document, config)


def decouple(project: Project, id_: str, only: Sequence[str] = ()) -> Proposal:
    """What can be taken apart in a unit. Nothing is written, imported or run."""
    unit = project.unit(id_)
    source = project.source(unit)
    function, owner = function_of(source, unit)
    couplings = [_coupling(row) for row in project.document["couplings"] if row["unit"] == id_]
    keywords = None
    if function is not None and function.args.kwarg is not None:
        keywords = _keywords(project, unit, function.name)
    target = Target(unit, source, function, owner, couplings, _globals(project), keywords)
    return propose(target, only)


def groups(project: Project) -> tuple[Group, ...]:
    """All functions and methods of a project in groups for a Lambda each."""
    document = project.document
    units = [unit_of(row) for row in document["units"]]
    return group(units, document["groups"], shared_of(document), _globals(project))


def tests_of(project: Project, given: str | None) -> list[str]:
    """The command that runs the project's own tests: as given, or as the config says."""
    if given:
        return shlex.split(given)
    if project.config is not None and project.config.table.tests:
        return project.config.table.tests
    raise ParityError(
        "it is not known how the project is tested",
        where=None,
        why="neither --tests nor `tests` in the config says so",
        next_step='--tests "pytest -q"; without --write the change is shown only',
    )


def write(project: Project, proposal: Proposal, tests: Sequence[str]) -> Tried:
    """Makes the change; takes it back where the project's own tests fail with it."""
    if proposal.before == proposal.after:
        return Tried(proposal, "nothing")
    place = project.place(proposal.file)
    folder = project.config.root if project.config is not None else project.root
    before = _run(tests, folder, project.roots)
    if before is not None:
        raise ParityError(
            "the tests fail before anything is changed",
            where=" ".join(tests),
            why=before,
            next_step="mend them first: they could not tell whether a change is right",
        )
    if place.read_bytes() != proposal.before:
        raise ParityError(
            f"{proposal.file} was changed meanwhile",
            where=str(place),
            why="it is not the file that was scanned",
            next_step="run parity decouple again",
        )
    kept = False
    try:
        _replace(place, proposal.after)
        failed = _run(tests, folder, project.roots)
        kept = failed is None
    finally:
        if not kept:
            _replace(place, proposal.before)
    if failed is not None:
        return Tried(proposal, "taken back", failed)
    return Tried(proposal, "written")


def _replace(place: Path, data: bytes) -> None:
    """Writes a file whole or not at all, with the rights that it has."""
    mode = place.stat().st_mode
    handle, name = tempfile.mkstemp(dir=place.parent, prefix=f".{place.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).chmod(mode)
        Path(name).replace(place)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _run(command: Sequence[str], folder: Path, roots: Sequence[Path]) -> str | None:
    """None where a command ends well, else the end of what it said; sources are on its path."""
    try:
        # a byte code file of the same second and size would hide the change
        path = os.pathsep.join([*filter(None, [os.environ.get("PYTHONPATH")]), *map(str, roots)])
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1", "PYTHONPATH": path}
        ended = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, check=False,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except OSError as error:
        raise ParityError(
            "the tests cannot be run",
            where=" ".join(command),
            why=str(error),
            next_step="give the command as you type it in the project's folder: --tests COMMAND",
        ) from None
    if ended.returncode == 0:
        return None
    said = (ended.stdout + ended.stderr).decode("utf-8", "replace").strip()
    return said[-TOLD:] or f"exit status {ended.returncode}"


def function_of(
    source: Source, unit: ScannedUnit
) -> tuple[ast.FunctionDef | ast.AsyncFunctionDef | None, ast.ClassDef | None]:
    """The function of a unit in its file, and the class that it stands in directly."""
    name = unit.id.partition(":")[2].rpartition(".")[2].partition("@")[0]  # `run@143`: another one
    for _, function, owner in functions(source):
        lines = {function.lineno, *(one.lineno for one in function.decorator_list)}
        if function.name == name and unit.line in lines:
            return function, owner
    return None, None


def _globals(project: Project) -> dict[str, int]:
    found: dict[str, int] = {}
    for row in project.document["couplings"]:
        if row["kind"] == "global state":
            name = row["about"].split("`")[1]
            found[f"{row['unit'].partition(':')[0]}:{name}"] = row["line"]
    return found


def _keywords(project: Project, unit: ScannedUnit, name: str) -> frozenset[str] | None:
    """The keywords that callers of a private function give; None where not all can be seen."""
    if not name.startswith("_") or name.endswith("__"):
        return None
    found: set[str] = set()
    for file in sorted({row["file"] for row in project.document["units"]}):
        data = project.place(file).read_bytes()
        if name.encode() not in data:
            continue
        try:
            tree = ast.parse(data)
        except (SyntaxError, ValueError):
            return None
        called = {id(node.func): node for node in ast.walk(tree) if isinstance(node, ast.Call)}
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and node.value == name:
                return None
            if name not in (getattr(node, "id", None), getattr(node, "attr", None)):
                continue
            call = called.get(id(node))
            if call is None or any(one.arg is None for one in call.keywords):
                return None
            found.update(one.arg for one in call.keywords if one.arg)
    return frozenset(found)


def unit_of(row: Mapping[str, Any]) -> ScannedUnit:
    """A unit as the report tells it."""
    return ScannedUnit(
        id=row["id"],
        kind=row["kind"],
        file=row["file"],
        line=row["line"],
        end=row["end"],
        klass=row["class"],
        own_class=row["own_class"],
        requires=tuple(row["requires"]),
        provides=row["provides"],
        effects=tuple(
            Effect(e["kind"], e["api"], e["file"], e["line"], tuple(e["via"]))
            for e in row["effects"]
        ),
        reads=tuple(row["reads"]),
        writes=tuple(row["writes"]),
        raises=tuple(Raised(**one) for one in row["raises"]),
        calls=tuple(ScannedCall(**one) for one in row["calls"]),
        unresolved=tuple(Unresolved(**one) for one in row["unresolved"]),
        entry=tuple(row["entry"]),
        hash=row["hash"],
    )


def _coupling(row: Mapping[str, Any]) -> Coupling:
    return Coupling(row["kind"], row["file"], row["line"], row["unit"], row["about"])


def shared_of(document: Mapping[str, Any]) -> tuple[Shared, ...]:
    """Classes whose methods share written state, as the report tells them."""
    return tuple(
        Shared(row["owner"], tuple(row["state"]), tuple(row["units"])) for row in document["shared"]
    )
