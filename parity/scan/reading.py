"""From the bytes of a file to its tree; what stands in the way becomes a note, never a crash."""

from __future__ import annotations

import ast
import io
import re
import tokenize
import warnings
from contextlib import suppress
from dataclasses import dataclass, replace

LARGE = 20_000
PYTHON_2 = re.compile(
    r"^\s*(print\s+[^(=.,)]|exec\s+[\"'a-z]|raise\s+[\w.]+\s*,|except\s+[\w.]+\s*,\s*\w+\s*:)"
    r"|<>|\b0\d+\b|\bur[\"']|`[^`\n]+`",
    re.MULTILINE,
)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
DEFINITION = re.compile(r"^([ \t]*)(?:async[ \t]+)?(def|class)[ \t]+(\w+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outline:
    """A function of a file that cannot be parsed: its name and line, found by its look."""

    name: str
    line: int


@dataclass(frozen=True, slots=True)
class Read:
    """What came of a file: a tree, or an outline of what seems to be in it; notes as (kind,
    line, text)."""

    tree: ast.Module | None
    outline: tuple[Outline, ...]
    notes: tuple[tuple[str, int, str], ...]
    lines: int


def read_source(data: bytes) -> Read:
    """Parses a source with the grammar of the Python that parity runs on."""
    notes: list[tuple[str, int, str]] = []
    text = _decoded(data, notes)
    lines = text.count("\n") + (not text.endswith("\n"))
    if lines > LARGE:
        notes.append(("large", 1, f"{lines} lines: generated, by its size; scanned all the same"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return Read(ast.parse(text), (), tuple(notes), lines)
    except SyntaxError as error:
        notes.append(_refused(text, error.lineno or 1, error.msg))
    except ValueError as error:
        notes.append(_refused(text, 1, str(error)))
    except (RecursionError, MemoryError):
        notes.append(("too-deep", 1, "nested deeper than Python's own parser goes; not analysed"))
    return Read(None, tuple(outline_of(text)), tuple(notes), lines)


def with_examples(read: Read) -> Read:
    """A source in which the examples of each docstring (`>>> `) stand as a function below the
    rest."""
    if read.tree is None:
        return read
    found: list[ast.stmt] = []
    for node in ast.walk(read.tree):
        if isinstance(node, DOCUMENTED) and ">>> " in (text := ast.get_docstring(node) or ""):
            found.append(_function(f"<examples:{len(found)}>", _examples(text)))
    if not found:
        return read
    return replace(read, tree=ast.Module([*read.tree.body, *found], read.tree.type_ignores))


def _examples(text: str) -> list[ast.stmt]:
    """The statements of a docstring's examples; one that is no Python is passed over."""
    from doctest import DocTestParser

    found: list[ast.stmt] = [ast.Pass(lineno=1, col_offset=0)]
    with suppress(ValueError):  # its lines are not indented alike
        for one in DocTestParser().get_examples(text):
            with suppress(SyntaxError, RecursionError, MemoryError), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                found += ast.parse(one.source).body
    return found


def _function(name: str, body: list[ast.stmt]) -> ast.FunctionDef:
    made = ast.parse("def examples(): pass").body[0]
    assert isinstance(made, ast.FunctionDef)
    made.name, made.body = name, body
    return made


def text_of(data: bytes) -> str:
    """The text of a source, read as what it says it is, else as latin-1."""
    return _decoded(data, [])


def outline_of(text: str) -> list[Outline]:
    """The functions that a text seems to define, by indentation."""
    found: list[Outline] = []
    open_: list[tuple[int, str, str]] = []
    line, at = 1, 0
    for match in DEFINITION.finditer(text):
        line += text.count("\n", at, match.start())
        at = match.start()
        depth = len(match[1].expandtabs())
        while open_ and open_[-1][0] >= depth:
            open_.pop()
        inside = "".join(
            f"{name}." if kind == "class" else f"{name}.<locals>." for _, kind, name in open_
        )
        if match[2] == "def":
            found.append(Outline(inside + match[3], line))
        open_.append((depth, match[2], match[3]))
    return found


def _decoded(data: bytes, notes: list[tuple[str, int, str]]) -> str:
    undeclared = ""
    try:
        encoding = tokenize.detect_encoding(io.BytesIO(data).readline)[0]
    except SyntaxError as error:  # it declares what is not there, or is no UTF-8 in its first lines
        encoding, undeclared = "utf-8", str(error)
    try:
        text = data.decode(encoding)
        if undeclared:
            notes.append(("encoding", 1, f"{undeclared}: read as utf-8, which no import does"))
        return text
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    except (LookupError, ValueError):
        line = 1
    notes.append(("encoding", line, f"is not {encoding}: read as latin-1"))
    return data.decode("latin-1")


def _refused(text: str, line: int, why: str) -> tuple[str, int, str]:
    if PYTHON_2.search(text):
        text = f"Python 2, by its look ({why}): its functions are listed as opaque"
        return ("python2", line, text)
    return ("syntax", line, f"cannot be parsed ({why}): its functions are listed as opaque")
