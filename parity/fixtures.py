"""Fixture files: JSON lines, one file per unit, refused whole with everything wrong in them.

Files are streamed: what is held at a time does not grow with the file.
"""

from __future__ import annotations

import io
import itertools
import json
import math
import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, NamedTuple

from parity.errors import ConfigError, ParityError, Problem
from parity.mapping import file_name
from parity.model import Fixture, Unit
from parity.values.check import TextError, check_form, read_text
from parity.values.form import JSON_NAMES, MAX_DEPTH, dumps

KEYS = ("id", "args", "kwargs", "self", "steps", "world", "observed")
ENDINGS = (".jsonl", ".jsonl.zst")
MAX_PROBLEMS = 50
CHUNKS = 4
SMALLEST_CHUNK = 512
LARGEST_CHUNK = 8192
CHUNK_BYTES = 4 << 20
COUNT_BYTES = 1 << 20
HEADER_BYTES = 1000
MANY_DIGITS = 300
JSON_SPACE = " \t\n\r"


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
    rows = FixtureRows(file, unit)
    fixtures = [row.fixture() for row in rows.all()]
    rows.refuse_problems()
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


def line_of(fixture: Fixture) -> str:
    """The line of a file that holds the fixture."""
    line: dict[str, Any] = {"id": fixture.id, "args": fixture.args, "kwargs": fixture.kwargs}
    if fixture.has_self:
        line["self"] = fixture.self_state
    more = {"steps": fixture.steps, "world": fixture.world, "observed": fixture.observed}
    return dumps(line | {key: value for key, value in more.items() if value is not None})


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


class Row(NamedTuple):
    """One line of a fixture file that holds a fixture, as it was checked.

    `args` is the canonical text of its arguments where the fixture is nothing but an id, positional
    arguments without tags, and what was observed of python (`observed`, canonical text or None);
    None where there is more to it. `positional` is how many those are, else -1. Where they are
    all given by name, `kwargs` is their text, and `names` are the names in their order.
    """

    id: str
    number: int
    text: str
    args: str | None
    positional: int
    observed: str | None
    kwargs: str | None = None
    names: tuple[str, ...] = ()

    def fixture(self) -> Fixture:
        """The fixture that the line holds."""
        return _fixture(read_text(self.text), self.text, self.number)

    @classmethod
    def of(cls, text: str) -> Row:
        """A row of one fixture that was given by hand."""
        return cls("input", 1, text, None, -1, None)


@dataclass(frozen=True, slots=True)
class Chunk:
    """A stretch of a unit's fixtures, as it stands in the file."""

    index: int
    number: int
    """That of its first line."""
    lines: list[bytes]


class FixtureRows:
    """The fixtures of one unit's file, chunk by chunk; gathers everything wrong in it.

    Safe for threads that take different chunks.
    """

    def __init__(self, file: Path, unit: Unit) -> None:
        self.file = file
        self.unit = unit
        self.problems: list[Problem] = []
        self._seen: set[int] = set()
        self._lock = threading.Lock()
        self.lines = _count_lines(file)

    @property
    def seen(self) -> int:
        """How many fixtures were read."""
        return len(self._seen)

    def expected(self) -> int:
        """About how many there are: the lines, less one that says whose they are."""
        with _opened(self.file) as stream:
            return self.lines - (b'"parity"' in stream.readline(HEADER_BYTES))

    def forget(self) -> None:
        """Makes ready to be read once more."""
        self._seen.clear()
        self.problems.clear()

    @property
    def size(self) -> int:
        """Fixtures of a chunk. It depends on the length of the file and on nothing else, so that
        the state that a unit leaves behind is fresh at the same fixtures in every run."""
        quarter = -(-self.lines // CHUNKS)
        return max(SMALLEST_CHUNK, min(quarter, LARGEST_CHUNK))

    def chunks(self, size: int | None = None) -> Iterator[Chunk]:
        """The lines of the file in chunks of so many, fewer where they are long."""
        size = size or self.size
        index, number = 0, 1
        with _opened(self.file) as stream:
            while lines := list(itertools.islice(stream, size)):
                for part in _within(lines, CHUNK_BYTES):
                    yield Chunk(index, number, part)
                    index, number = index + 1, number + len(part)

    def rows(self, chunk: Chunk) -> list[Row]:
        """The fixtures of a chunk; what is wrong in it is added to `problems`."""
        rows: list[Row] = []
        for number, line in enumerate(chunk.lines, chunk.number):
            try:
                row = self._row(line, number)
            except UnicodeDecodeError as error:
                self.problems.append(
                    Problem(f"line {number}", f"byte {error.start + 1} is not UTF-8")
                )
            except TextError as error:
                place = f"line {number}, column {error.column}"
                self.problems.append(Problem(place, error.why))
            else:
                if row is not None:
                    rows.append(row)
        self._refuse_twice(rows)
        return rows

    def all(self) -> Iterator[Row]:
        """Every fixture, in order."""
        for chunk in self.chunks():
            yield from self.rows(chunk)

    def refuse_problems(self) -> None:
        """Raises ConfigError where anything was wrong."""
        if self.problems:
            found = sorted(self.problems, key=lambda problem: _line_of(problem.where))
            raise ConfigError(str(self.file), found[:MAX_PROBLEMS], kind="fixtures")

    def _row(self, line: bytes, number: int) -> Row | None:
        text = line.decode("utf-8").rstrip("\n")
        row = plain_row(text, number)
        if row is not None:
            return row
        if not text.strip():
            return None
        document = read_text(text)
        if not isinstance(document, dict):
            raise TextError("a line is one object", 1)
        if "parity" in document:
            self._header(document, number)
            return None
        fixture = _fixture(document, text, number)
        return Row(fixture.id, number, text, None, -1, None)

    def _refuse_twice(self, rows: list[Row]) -> None:
        keys = [hash(row.id) for row in rows]
        with self._lock:
            if len(set(keys)) == len(keys) and self._seen.isdisjoint(keys):
                self._seen.update(keys)
                return
            for key, row in zip(keys, rows, strict=True):
                if key in self._seen:
                    self._refuse_if_before(row)
                self._seen.add(key)

    def _refuse_if_before(self, row: Row) -> None:
        """Looks in the file again: two ids may share a hash, and chunks come in any order."""
        lines = [other.number for other in FixtureRows.named(self, row.id)]
        if len(lines) > 1 and not any(f"`{row.id}`" in one.why for one in self.problems):
            for number in lines[1:]:
                column = row.text.find(f'"{row.id}"') + 1
                why = f"the id `{row.id}` is also on line {lines[0]}"
                place = f"line {number}, column {max(column, 1)}"
                self.problems.append(Problem(place, why))

    def named(self, fixture_id: str) -> list[Row]:
        """The fixtures of that id; more than one where the file is wrong."""
        found = []
        for chunk in self.chunks():
            for number, line in enumerate(chunk.lines, chunk.number):
                try:
                    row = self._row(line, number)
                except (UnicodeDecodeError, TextError):
                    continue
                if row is not None and row.id == fixture_id:
                    found.append(row)
        return found

    def _header(self, document: dict[str, Any], number: int) -> None:
        if number != 1:
            raise TextError("the header stands on the first line only", 1)
        if document["parity"] != 1:
            raise TextError(f"version {document['parity']!r} is not known to this parity", 1)
        unit = document.get("unit", self.unit.id)
        if unit != self.unit.id and unit not in self.unit.was:
            raise TextError(f"these are fixtures of `{unit}`, not of `{self.unit.id}`", 1)


def plain_row(text: str, number: int) -> Row | None:
    """The row of a line that is nothing but an id, plain arguments and what python did.

    None where it is anything else: that is then looked at closely. Most lines are plain, and a
    plain line is read ten times as fast.
    """
    if '"$' in text:
        return None
    plainest = _PLAINEST.fullmatch(text)
    if plainest is None:
        return _recorded_row(text, number)
    args = plainest[2]
    if args.count("[") > MAX_DEPTH or not args.isascii() or _may_be_large(args):
        return None
    try:
        document, end = _PLAIN.scan_once(args, 0)  # type: ignore[attr-defined]
    except (ValueError, RecursionError, StopIteration):
        return None
    if end != len(args):
        return None
    return Row(plainest[1], number, text, args, len(document), None)


def _recorded_row(text: str, number: int) -> Row | None:
    """The row of a line with objects in it, such as what was recorded of python."""
    if text.count("[") + text.count("{") > MAX_DEPTH:
        return None
    try:
        document, end = _PLAIN.scan_once(text, 0)  # type: ignore[attr-defined]
        if type(document) is not dict or text[end:].strip(JSON_SPACE):
            return None
        fixture_id = document["id"]
        given = "args" if "args" in document else "kwargs"
        values = document[given]
        if type(fixture_id) is not str or type(values) is not (list if given == "args" else dict):
            return None
        values_text = dumps(values)
        colons = 2 + fixture_id.count(":") + values_text.count(":")
        observed_text = None
        if len(document) == 3:
            observed = document["observed"]
            if type(observed) is not dict:
                return None
            observed_text = dumps(observed)
            colons += 1 + observed_text.count(":")
        elif len(document) != 2:
            return None
    except (ValueError, KeyError, RecursionError, StopIteration):
        return None
    if text.count(":") != colons:  # a key twice, or a colon that is escaped
        return None
    if given == "kwargs":
        return Row(fixture_id, number, text, None, -1, observed_text, values_text, tuple(values))
    return Row(fixture_id, number, text, values_text, len(values), observed_text)


def _may_be_large(numbers: str) -> bool:
    """Whether a number may be beyond every float: it has an exponent, or very many digits."""
    exponent = ("e" in numbers or "E" in numbers) and _EXPONENT.search(numbers) is not None
    return exponent or (len(numbers) > MANY_DIGITS and _DIGITS.search(numbers) is not None)


def _no_constant(text: str) -> float:
    raise ValueError(text)


# No object inside of the arguments, so that no key can stand there twice.
_PLAINEST = re.compile(r'\{"id": ?"([^"\\\x00-\x1f]*)", ?"args": ?(\[[^{}]*\])\}')
_EXPONENT = re.compile(r"[0-9][eE]")
_DIGITS = re.compile(rf"[0-9]{{{MANY_DIGITS}}}")
_PLAIN = json.JSONDecoder(parse_constant=_no_constant)


def _line_of(where: str) -> float:
    digits = where.removeprefix("line ").partition(",")[0]
    return int(digits) if digits.isdigit() else math.inf


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
    with _opened(file) as stream:
        return stream.read()


@contextmanager
def _opened(file: Path) -> Iterator[IO[bytes]]:
    """The unpacked bytes of a fixture file. Raises ConfigError where they cannot be unpacked."""
    with file.open("rb") as packed:
        if file.suffix != ".zst":
            yield packed
            return
        import zstandard

        try:
            reader = zstandard.ZstdDecompressor().stream_reader(packed, read_across_frames=True)
            yield io.BufferedReader(reader)
        except zstandard.ZstdError as error:
            problem = Problem("its start", f"it cannot be unpacked: {error}")
            raise ConfigError(str(file), [problem], kind="fixtures") from None


def _within(lines: list[bytes], most: int) -> Iterator[list[bytes]]:
    """The lines in parts of at most so many bytes, if no line is longer by itself."""
    if sum(map(len, lines)) <= most:
        yield lines
        return
    part: list[bytes] = []
    held = 0
    for line in lines:
        if part and held + len(line) > most:
            yield part
            part, held = [], 0
        part.append(line)
        held += len(line)
    yield part


def _count_lines(file: Path) -> int:
    """How many lines there are, at most one too few."""
    count = 0
    with _opened(file) as stream:
        while block := stream.read(COUNT_BYTES):
            count += block.count(b"\n")
    return count
