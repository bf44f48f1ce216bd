"""`parity port UNIT… --skeleton`: Java of which only the bodies are left to be written."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from pathlib import Path

from parity.config import Config, read_bytes
from parity.content import Content
from parity.counterparts import Ported, PortedUnit
from parity.errors import ParityError, did_you_mean
from parity.fixtures import fixture_file
from parity.fixtures.lines import fixture_in
from parity.mapping import file_name
from parity.mapping.merging import tables, with_table
from parity.model import Fixture, Unit, Valued
from parity.pipeline.mapped import mapped_units
from parity.pipeline.sources import JavaClasses, PythonSources
from parity.port.names import package
from parity.port.reading import Module, PythonClass, read_module
from parity.port.skeleton import Classes, Porter, Skeleton, Source
from parity.port.valued import comments
from parity.sides.python.side import python_line, python_unit, python_worker
from parity.values.check import read_text

ANNOTATIONS = (
    "port/templates/PortedFrom.java.j2",
    "ported_from/src/main/java/parity/PortedFrom.java",
)
"""Where the source of `@PortedFrom` is: in the wheel, in a checkout."""
MOST_FIXTURES = 2_000
VALUES_SECONDS = 10.0
MAIN, TEST = "src/main/java", "src/test/java"
POM = "pom.xml"
JUNIT = re.compile(rb"junit|starter-test|micronaut-test", re.IGNORECASE)
NO_JUNIT = (
    "no tests are written, as {pom} has no JUnit and would not build with them: add "
    "org.junit.jupiter:junit-jupiter to it, scope test"
)


@dataclass(frozen=True, slots=True)
class PortOptions:
    """Where files go (a folder of a module, or None), the base of packages, and the shape."""

    out: Path | None = None
    package: str | None = None
    handlers: bool = False
    write_map: bool = True
    values: bool = False
    """Whether the functions are called with their fixtures, to say what their expressions were."""


def start_port(config: Config, unit_ids: Sequence[str], options: PortOptions) -> Ported:
    """Writes the skeletons of units. No file is written over; nothing of the project is run but
    for `values`.

    Raises ParityError where a unit is not there, or the folder for the files is not known.
    """
    content = Content(config.private / "cache" / "declared.json")
    python = PythonSources(config, content)
    mapped = {unit.id: unit for unit in mapped_units(config, build=False, may_be_empty=True)}
    out = options.out or _folder(config)
    sources: list[Source] = []
    refused: list[PortedUnit] = []
    for unit_id in dict.fromkeys(unit_ids):
        known = mapped.get(unit_id)
        if known is not None and options.write_map:
            why = f"the map has a counterpart: {known.java_text}; --no-map writes it all the same"
            refused.append(PortedUnit(unit_id, "refused", reason=why))
            continue
        found = _source(config, python, unit_id, mapped)
        if isinstance(found, Source):
            sources.append(found)
        else:
            refused.append(found)
    if options.values:
        sources = _valued(config, sources, mapped)
    base = options.package if options.package is not None else _base(mapped)
    porter = Porter(base, handlers=options.handlers, classes=_classes(python))
    skeleton = porter.skeleton(sources)
    if not skeleton.units:
        return Ported(tuple(refused), (), None)
    hints = []
    if skeleton.test and not _has_junit(out):
        skeleton = replace(skeleton, test={})
        hints = [NO_JUNIT.format(pom=out / POM)]
    taken = _taken(out, skeleton)
    if taken:
        raise ParityError(
            "files of the skeleton are there already",
            where=str(taken[0]),
            why=f"{len(taken)} files would be written over",
            next_step="move them away, or name another folder: --out DIR",
        )
    files = _write(config, out, skeleton)
    map_file = _write_tables(config, skeleton.tables) if options.write_map else None
    units = [PortedUnit(one.id, "accepted", one.java) for one in skeleton.units]
    order = {unit_id: at for at, unit_id in enumerate(unit_ids)}
    units = sorted([*units, *refused], key=lambda one: order[one.id])
    return Ported(tuple(units), tuple(files), map_file, tuple(hints))


def _defined(python: PythonSources, module: str, start: str) -> list[str]:
    """The units whose names start so, of the module, or else of those that it may import from."""
    named = [unit for unit in python.units() if unit.id.partition(":")[2].startswith(start)]
    return [one.id for one in named if one.module == module] or [one.id for one in named]


def _source(
    config: Config, python: PythonSources, unit_id: str, mapped: Mapping[str, Unit]
) -> Source | PortedUnit:
    module_name, _, qualname = unit_id.partition(":")
    file = python.file_of(module_name) if qualname else None
    module = read_module(module_name, Path(file), python.file_of) if file is not None else None
    if module is None and file is not None:
        raise ParityError(
            f"`{unit_id}` cannot be read",
            where=file,
            why=_trouble(Path(file)),
            next_step="mend the file; nothing was written",
        )
    if module is None:
        known = [unit.id for unit in python.units()]
        raise ParityError(
            f"there is no unit `{unit_id}`",
            where=None,
            why=f"the sources have no module `{module_name}` that can be parsed",
            next_step=did_you_mean(unit_id, known) or "parity scan lists those that there are",
        )
    declared = module.function(qualname)
    if declared is None:
        if module.class_of(qualname) is not None:
            methods = _defined(python, module_name, f"{qualname}.")
            told = ", ".join(methods[:8]) + (", …" if len(methods) > 8 else "")
            why = f"a class is ported by its methods: {told or 'it has none'}"
            return PortedUnit(unit_id, "refused", reason=why)
        known = [unit.id for unit in python.units() if unit.module == module_name]
        elsewhere = [one for one in _defined(python, module_name, qualname) if one != unit_id]
        has = (
            f"it has {', '.join(known[:8])}" if known else "parity scan lists those that there are"
        )
        raise ParityError(
            f"there is no unit `{unit_id}`",
            where=file,
            why="the module defines no function or method of that name",
            next_step=did_you_mean(unit_id, elsewhere or known) or has,
        )
    unit = mapped.get(unit_id) or Unit(unit_id, "")
    return Source(
        id=unit_id,
        module=module,
        declared=declared,
        fixtures=_fixtures(config, unit),
        fixture_file=f"{config.table.fixtures}/{file_name(unit_id)}.jsonl",
        event=unit.terms.event,
    )


def _trouble(file: Path) -> str:
    """Why a file cannot be parsed."""
    try:
        ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        return str(error)
    return "it is no Python that can be parsed"


def _valued(config: Config, sources: Sequence[Source], mapped: Mapping[str, Unit]) -> list[Source]:
    """The sources with what their expressions are while their fixtures run in Python."""
    made: list[Source] = []
    config.private.mkdir(exist_ok=True)
    with closing(python_worker(config, hash_seed=0)) as worker:
        units = [mapped.get(one.id) or Unit(one.id, "") for one in sources]
        loaded = worker.load([python_unit(unit) for unit in units])
        for source, unit in zip(sources, units, strict=True):
            seen: list[Valued] = []
            if isinstance(loaded[unit.id], dict) and source.fixtures:
                lines = [python_line(fixture) for fixture in source.fixtures]
                seen = worker.values(unit.id, lines, VALUES_SECONDS)
            module = source.module
            made.append(replace(source, values=comments(module.tree, module.file, seen)))
    return made


def _fixtures(config: Config, unit: Unit) -> list[Fixture]:
    """What was recorded of a unit, as far as types follow from it: ports may not be mapped yet."""
    file = fixture_file(config.fixtures, unit)
    if file is None or file.suffix != ".jsonl":
        return []
    found: list[Fixture] = []
    for number, line in enumerate(file.read_bytes().splitlines()[:MOST_FIXTURES], 1):
        with suppress(ValueError):  # whoever runs them is told of what is no fixture
            text = line.decode("utf-8")
            document = read_text(text)
            if isinstance(document, dict) and "parity" not in document:
                found.append(fixture_in(document, text, number))
    return found


def _classes(python: PythonSources) -> Classes:
    def find(unit_id: str) -> tuple[PythonClass, Module] | None:
        name, _, qualname = unit_id.partition(":")
        file = python.file_of(name)
        module = read_module(name, Path(file), python.file_of) if file is not None else None
        found = module.class_of(qualname) if module is not None else None
        return (found, module) if found is not None and module is not None else None

    return find


def _folder(config: Config) -> Path:
    """The folder of the one Maven module; where there are several, a person has to say."""
    maven = config.table.java.maven
    pom = config.root / maven if maven is not None else None
    if pom is None or b"<modules>" in read_bytes(pom):
        raise ParityError(
            "it is not known where the Java is to go",
            where=str(config.file),
            why="there is no pom.xml of a single module in [java]",
            next_step=f"name the folder of a module: --out DIR (files go to DIR/{MAIN})",
        )
    return pom.parent


def _base(mapped: Mapping[str, Unit]) -> str:
    """The package that all counterparts of the map share, above those of their modules.

    `com.example` where there are none.
    """
    packages: list[list[str]] = []
    for unit in mapped.values():
        if unit.java:
            parts = unit.java.partition("#")[0].split(".")[:-1]
            below = package("", unit.id.partition(":")[0]).split(".")
            # the package may end with all of the module's name, or with the first parts of it
            ends = (count for count in range(len(below), 0, -1) if parts[-count:] == below[:count])
            packages.append(parts[: len(parts) - next(ends, 0)])
    if not packages:
        return "com.example"
    shared: list[str] = []
    for level in zip(*packages, strict=False):
        if len(set(level)) > 1:
            break
        shared.append(level[0])
    return ".".join(shared) or "com.example"


def _has_junit(out: Path) -> bool:
    """Whether a module or one above it names JUnit, or what brings it; true without a pom."""
    poms = [folder / POM for folder in (out.resolve(), *out.resolve().parents)]
    if not poms[0].is_file():
        return True
    return any(JUNIT.search(read_bytes(pom)) for pom in poms if pom.is_file())


def _taken(out: Path, skeleton: Skeleton) -> list[Path]:
    paths = [out / MAIN / name for name in skeleton.main]
    paths += [out / TEST / name for name in skeleton.test]
    return [path for path in paths if path.exists()]


def _write(config: Config, out: Path, skeleton: Skeleton) -> list[Path]:
    files = {out / MAIN / name: text for name, text in skeleton.main.items()}
    files |= {out / TEST / name: text for name, text in skeleton.test.items()}
    annotation = out / MAIN / "parity/PortedFrom.java"
    if JavaClasses(config).index.of("parity.PortedFrom") is None and not annotation.exists():
        places = (Path(__file__).parents[1] / one for one in ANNOTATIONS)
        files[annotation] = next(one for one in places if one.is_file()).read_text("utf-8")
    for path, text in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return sorted(files)


def _write_tables(config: Config, made: Mapping[str, str]) -> Path:
    """Adds the tables that the (first) map does not have yet."""
    try:
        file = config.map_files()[0]
        text = read_bytes(file).decode("utf-8")
    except ParityError:
        file, text = config.root / "parity.map.toml", "schema = 1\n"
    for name, table in made.items():
        if name not in tables(text):
            text = with_table(text, name, table)
    file.write_text(text, "utf-8")
    return file
