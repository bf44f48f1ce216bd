"""Laws: what is traced counts by what it means, what is not traced never counts."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.syntax import python_hash
from tests.unit.evidence.conftest import Project

TRACED_PYTHON = ["src/shop/prices.py", "src/shop/money.py", "more/rates.py", "src/shop/__init__.py"]
TRACED_BYTES = [
    "data/table.csv",
    "classes/com/example/Prices.class",
    "classes/com/example/Money.class",
    "extra/com/example/Extra.class",
    "classes/messages.properties",
    "lib/util.jar",
    "site/lib/site-packages/taxes-2.1.dist-info/RECORD",
    "tests/fixtures/shop.prices/total.jsonl",
    "harness.jar",
    "jdk/release",
]
UNTRACED = [
    "src/shop/unrelated.py",
    "src/shop/brand_new.py",
    "classes/com/example/Unrelated.class",
    "classes/com/example/deep/New.class",
    "extra/other.properties",
    "tests/fixtures/shop.money/cents.jsonl",
    "tests/fixtures/shop.prices/other.jsonl",
    "site/lib/site-packages/other-1.dist-info/RECORD",
    "data/other.csv",
    "docs/prices.py",
    "README.md",
    "lib/not-on-the-class-path.jar",
]
PIECES = ["x = 1\n", "# why\n", '"""Why."""\n', "\n", "y = 'a'\n", "pass\n", " ", "(", "é", "\x00"]
LAW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def meaning(source: bytes) -> object:
    """An oracle of its own: what Python would compile, docstrings aside."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError):
        return source
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            first = node.body[0] if node.body else None
            value = first.value if isinstance(first, ast.Expr) else None
            if isinstance(value, ast.Constant) and isinstance(value.value, str):
                node.body = node.body[1:]
    return ast.dump(tree)


@contextmanager
def holding(file: Path, data: bytes | None) -> Iterator[None]:
    """The file with another content, or without it; then as it was."""
    before = file.read_bytes() if file.exists() else None
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        if data is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(data)
        yield
    finally:
        if before is None:
            file.unlink(missing_ok=True)
        else:
            file.write_bytes(before)


@pytest.fixture
def taken(project: Project) -> Project:
    project.take()
    return project


@LAW
@given(st.sampled_from(TRACED_PYTHON), st.integers(0, 80), st.sampled_from(PIECES))
def test_an_edit_of_a_module_counts_if_it_means_something(
    taken: Project, name: str, place: int, piece: str
) -> None:
    file = taken.root / name
    before = file.read_bytes()
    place = min(place, len(before))
    after = before[:place] + piece.encode() + before[place:]
    with holding(file, after):
        told = taken.stale()
        if meaning(after) == meaning(before):
            assert told is None
        else:
            assert told == f"{name} changed"
    assert taken.stale() is None


@LAW
@given(st.sampled_from(TRACED_BYTES), st.none() | st.binary(max_size=20))
def test_an_edit_of_what_is_traced_counts(taken: Project, name: str, data: bytes | None) -> None:
    file = taken.root / name
    same = data == file.read_bytes()
    with holding(file, data):
        assert (taken.stale() is None) is same
    assert taken.stale() is None


@LAW
@given(st.sampled_from(UNTRACED), st.none() | st.binary(max_size=20))
def test_an_edit_of_what_is_not_traced_never_counts(
    taken: Project, name: str, data: bytes | None
) -> None:
    with holding(taken.root / name, data):
        assert taken.stale() is None


@LAW
@given(st.lists(st.sampled_from([*TRACED_PYTHON, *TRACED_BYTES]), min_size=1, unique=True))
def test_touching_never_counts(taken: Project, names: list[str]) -> None:
    for name in names:
        (taken.root / name).touch()
    assert taken.stale() is None


# ---------------------------------------------------------------- Python sources

SAME = {
    "a comment": ("x = 1\n", "x = 1  # one\n"),
    "quotes": ("x = 'a'\n", 'x = "a"\n'),
    "brackets": ("x = 1 + 2\n", "x = (1 +\n     2)\n"),
    "a docstring": ("def f():\n    return 1\n", 'def f():\n    """One."""\n    return 1\n'),
    "a docstring of a class": ("class A:\n    x = 1\n", 'class A:\n    "A."\n    x = 1\n'),
    "a docstring of a module": ("x = 1\n", '"""Module."""\nx = 1\n'),
    "a type comment": ("x = 1\n", "x = 1  # type: int\n"),
    "a byte order mark": ("x = 1\n", "\ufeffx = 1\n"),
    "hexadecimal": ("x = 255\n", "x = 0xFF\n"),
    "a prefix": ("x = 'a'\n", "x = u'a'\n"),
    "line ends": ("x = 1\ny = 2\n", "x = 1\r\ny = 2\r\n"),
}
DIFFERENT = {
    "a number's type": ("x = 1\n", "x = 1.0\n"),
    "a bool": ("x = 1\n", "x = True\n"),
    "the sign of zero": ("x = 0.0\n", "x = -0.0\n"),
    "bytes": ("x = 'a'\n", "x = b'a'\n"),
    "an operator": ("x = a // b\n", "x = a / b\n"),
    "none for nothing": ("def f():\n    return\n", "def f():\n    return None\n"),
    "a default": ("def f(a=1): pass\n", "def f(a=2): pass\n"),
    "an annotation": ("def f(a: int): pass\n", "def f(a: str): pass\n"),
    "a decorator": ("def f(): pass\n", "@g\ndef f(): pass\n"),
    "a name": ("a = b\n", "a = c\n"),
    "the order of statements": ("a()\nb()\n", "b()\na()\n"),
    "a keyword for a position": ("f(a)\n", "f(a=a)\n"),
    "a lone surrogate": ("x = '\\ud800'\n", "x = '\\ud801'\n"),
    "what an import is of": ("from a import b\n", "from .a import b\n"),
    "a docstring that is read": (
        '"""One."""\nprint(__doc__)\n',
        '"""Two."""\nprint(__doc__)\n',
    ),
    "a string that is no docstring": ("x = 1\n'a'\n", "x = 1\n'b'\n"),
    "async": ("def f(): pass\n", "async def f(): pass\n"),
}


@pytest.mark.parametrize("name", SAME)
def test_form_of_python_means_nothing(name: str) -> None:
    before, after = (text.encode() for text in SAME[name])
    assert python_hash(before) is not None
    assert python_hash(before) == python_hash(after)


@pytest.mark.parametrize("name", DIFFERENT)
def test_what_python_says_counts(name: str) -> None:
    before, after = (text.encode() for text in DIFFERENT[name])
    assert None not in (python_hash(before), python_hash(after))
    assert python_hash(before) != python_hash(after)


@pytest.mark.parametrize("data", [b"print 1\n", b"\0", b"(" * 5000, b"\xff\xfe"])
def test_what_cannot_be_parsed_counts_by_its_bytes(data: bytes) -> None:
    assert python_hash(data) is None
