"""Fixture files: JSON lines, one file per unit, refused whole with everything wrong in them."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from parity.errors import ConfigError, ParityError, Problem
from parity.mapping import file_name
from parity.model import Fixture, Unit
from parity.values.check import TextError, check_form, read_text
from parity.values.form import JSON_NAMES, dumps

KEYS = ("id", "args", "kwargs", "self", "steps", "world", "observed")
ENDINGS = (".jsonl", ".jsonl.zst")
MAX_PROBLEMS = 50


def fixture_file(folder: Path, unit: Unit) -> Path | None:
    """The file that holds the fixtures of a unit under its name or one it had before."""
    for unit_id in (unit.id, *unit.was):
        for ending in ENDINGS:
            file = folder / (file_name(unit_id) + ending)
            if file.is_file():
                return file
    return None


def read_fixtures(folder: Path, unit: Unit) -> list[Fixture]:
    """The fixtures of a unit, in the order of its file; none where there is no file.

    Raises ConfigError with every line and column where something is wrong.
    """
    file = fixture_file(folder, unit)
    if file is None:
        return []
    reading = _Reading(file, unit)
    fixtures = list(reading.fixtures())
    if reading.problems:
        raise ConfigError(str(file), reading.problems[:MAX_PROBLEMS], kind="fixtures")
    return fixtures


def append_fixtures(folder: Path, unit: Unit, lines: Sequence[Mapping[str, Any]]) -> None:
    """Adds lines to the file of a unit, which is made where there is none, in one stroke."""
    if not lines:
        return
    file = fixture_file(folder, unit) or folder / f"{file_name(unit.id)}.jsonl"
    before = _data(file).decode("utf-8") if file.exists() else ""
    if not before.strip():
        before = dumps({"parity": 1, "unit": unit.id}) + "\n"
    text = before if before.endswith("\n") else before + "\n"
    data = (text + "".join(f"{dumps(line)}\n" for line in lines)).encode("utf-8")
    if file.suffix == ".zst":
        import zstandard

        data = zstandard.ZstdCompressor().compress(data)
    file.parent.mkdir(parents=True, exist_ok=True)
    temporary = file.with_name(f".{file.name}.tmp")
    temporary.write_bytes(data)
    temporary.replace(file)


def forget_fixtures(folder: Path, unit: Unit) -> None:
    """Deletes the file of a unit, if there is one."""
    file = fixture_file(folder, unit)
    if file is not None:
        file.unlink()


def fixture_of(text: str, *, where: str) -> Fixture:
    """One fixture from text given by hand: the object of a line, or only its arguments.

    `[1, 2]` are positional arguments, `{"a": 1}` keyword arguments.
    """
    try:
        document = read_text(text)
        if isinstance(document, list):
            document = {"args": document}
        elif isinstance(document, dict) and not _is_line(document):
            document = {"kwargs": document}
        if not isinstance(document, dict):
            raise TextError("it is neither an array nor an object", 1)
        return _fixture({"id": "input"} | document, text, 1)
    except TextError as error:
        raise ParityError(
            "the input is no fixture",
            where=f"{where}, column {error.column}",
            why=error.why,
            next_step="give positional arguments as '[1, 2]' or a fixture as '{\"args\": [1, 2]}'",
        ) from None


def _is_line(document: dict[str, Any]) -> bool:
    """Whether an object is a fixture's line rather than the arguments by name."""
    return set(document) <= set(KEYS) and not set(document) <= {"id", "observed"}


def unmapped_files(folder: Path, units: Sequence[Unit]) -> list[Path]:
    """Fixture files that belong to no unit of the map: a typing error, or a unit that is gone."""
    known = {file_name(name).casefold() for unit in units for name in (unit.id, *unit.was)}
    files = [file for ending in ENDINGS for file in folder.rglob(f"*{ending}")]
    return sorted(file for file in files if _unit_name(folder, file).casefold() not in known)


def _unit_name(folder: Path, file: Path) -> str:
    name = file.relative_to(folder).as_posix()
    return name.removesuffix(".zst").removesuffix(".jsonl")


class _Reading:
    def __init__(self, file: Path, unit: Unit) -> None:
        self.file = file
        self.unit = unit
        self.problems: list[Problem] = []
        self.seen: dict[str, int] = {}

    def fixtures(self) -> Iterator[Fixture]:
        for number, line in enumerate(_lines(self.file), 1):
            if not line.strip():
                continue
            try:
                fixture = self._line(line, number)
            except TextError as error:
                self._wrong(number, error.column, error.why)
                continue
            if fixture is not None:
                yield fixture

    def _line(self, line: str, number: int) -> Fixture | None:
        document = read_text(line)
        if not isinstance(document, dict):
            raise TextError("a line is one object", 1)
        if "parity" in document:
            self._header(document, number)
            return None
        fixture = _fixture(document, line, number)
        first = self.seen.setdefault(fixture.id, number)
        if first != number:
            column = line.find(f'"{fixture.id}"') + 1
            raise TextError(f"the id `{fixture.id}` is also on line {first}", max(column, 1))
        return fixture

    def _header(self, document: dict[str, Any], number: int) -> None:
        if number != 1:
            raise TextError("the header stands on the first line only", 1)
        if document["parity"] != 1:
            raise TextError(f"version {document['parity']!r} is not known to this parity", 1)
        unit = document.get("unit", self.unit.id)
        if unit != self.unit.id and unit not in self.unit.was:
            raise TextError(f"these are fixtures of `{unit}`, not of `{self.unit.id}`", 1)

    def _wrong(self, line: int, column: int, why: str) -> None:
        self.problems.append(Problem(f"line {line}, column {column}", why))


def _fixture(document: dict[str, Any], text: str, line: int) -> Fixture:
    for key in document:
        if key not in KEYS:
            raise TextError(f"unknown key {key!r}; known: {', '.join(KEYS)}", text.find(key))
    _expect(document, text, "id", str, required=True)
    _expect(document, text, "args", list)
    _expect(document, text, "kwargs", dict)
    _expect(document, text, "steps", list)
    _expect(document, text, "world", dict)
    _expect(document, text, "observed", dict)
    for key in ("args", "kwargs", "self", "steps"):
        check_form(document.get(key), text)
    check_form(list((document.get("observed") or {}).values()), text)
    for step in document.get("steps") or []:
        _check_step(step, text)
    return Fixture(
        id=document["id"],
        args=document.get("args", []),
        kwargs=document.get("kwargs", {}),
        line=line,
        self_state=document.get("self"),
        has_self="self" in document,
        steps=document.get("steps"),
        world=document.get("world"),
        observed=document.get("observed"),
    )


def _expect(
    document: dict[str, Any], text: str, key: str, kind: type, required: bool = False
) -> None:
    if key not in document:
        if required:
            raise TextError(f"the fixture has no `{key}`", 1)
        return
    if not isinstance(document[key], kind):
        raise TextError(f"`{key}` is {JSON_NAMES[kind]}", text.find(f'"{key}"') + 1)


def _check_step(step: Any, text: str) -> None:
    if not isinstance(step, dict) or not isinstance(step.get("call"), str):
        raise TextError('a step is {"call": "name", "args": [...]}', text.find('"steps"') + 1)
    for key in step:
        if key not in ("call", "args", "kwargs"):
            raise TextError(f"unknown key {key!r} in a step", text.find(f'"{key}"') + 1)


def _data(file: Path) -> bytes:
    data = file.read_bytes()
    if file.suffix != ".zst":
        return data
    import zstandard

    try:
        return bytes(zstandard.ZstdDecompressor().stream_reader(io.BytesIO(data)).read())
    except zstandard.ZstdError as error:
        problem = Problem("its start", f"it cannot be unpacked: {error}")
        raise ConfigError(str(file), [problem], kind="fixtures") from None


def _lines(file: Path) -> Iterator[str]:
    for number, line in enumerate(_data(file).split(b"\n"), 1):
        try:
            yield line.decode("utf-8")
        except UnicodeDecodeError as error:
            why = f"byte {error.start + 1} is not UTF-8"
            raise ConfigError(
                str(file), [Problem(f"line {number}", why)], kind="fixtures"
            ) from None
