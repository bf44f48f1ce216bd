"""A scan after a change gives, byte for byte, what a scan of the same files from nothing gives."""

from __future__ import annotations

import random
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from parity.pipeline.scan import scan
from parity.report.scan_document import Part
from parity.scan import scanning

SOURCES = {
    "shop/__init__.py": "",
    "shop/base.py": '''
import os
import logging

log = logging.getLogger(__name__)
SEEN = []
LIMIT = 3


class Base:
    """What all have."""

    def __init__(self, store):
        self.store = store
        self.lines = []

    def add(self, line):
        SEEN.append(line)
        self.lines.append(line)
        return self.check(line)

    def check(self, line):
        return line is not None

    @property
    def total(self):
        return sum(one.price for one in self.lines)

    @total.setter
    def total(self, value):
        global LIMIT
        LIMIT = value
        self.lines = [value]
''',
    "shop/store.py": """
import time
import socket


class Store:
    def __init__(self, path="x"):
        self.path = path

    def save(self, what):
        with open(self.path, "w") as file:
            file.write(str(what))
        return time.time()

    def send(self, what, then=lambda x: x):
        raise ValueError("not %s" % what)


class Remote(Store):
    def save(self, what):
        return socket.create_connection(what)

    def __str__(self):
        return "remote"


def told(then, what):
    return then(what)
""",
    "shop/bill.py": """
from shop.base import Base, SEEN
from shop.store import Remote, Store


class Bill(Base):
    def check(self, line):
        self.store.save(line)
        return line in SEEN

    def each(self):
        for one in sorted(self.lines, key=lambda line: line.price):
            yield one


def make(kind=0):
    store = Store() if kind else Remote("y")
    bill = Bill(store)
    bill.add(kind)
    bill.total = 4
    return bill
""",
    "shop/later.py": """
from shop.store import Store


class Closed(Exception):
    def __init__(self, *why):
        self.why = why


async def drain(work, name: str = "all"):
    "Waits for what was begun."
    await work
    if isinstance(work, Store):
        raise Closed
    return name


def steps(work=1):
    yield 3
    yield from work


async def run(store):
    from shop import bill
    work = drain(steps(store))
    bill.make()
    return await work
""",
    "tool.py": '''
from shop import bill
from shop.bill import make


def main(argv):
    """Starts."""
    made = make(1)
    for one in made.each():
        print(one)
    return bill.make(2).total


def guess(thing):
    thing.save(1)
    return thing.send(2)


if __name__ == "__main__":
    main([])
''',
    "apart.py": "import random\n\n\ndef roll():\n    return random.random()\n",
    "shop/tests/test_bill.py": """
from shop.bill import Bill, make
from shop.store import told
from tool import guess


class Fake:
    def save(self, what):
        return make


def check(bill):
    return bill.each()


def test_bill():
    bill = Bill(Fake())
    bill.add(check)
    told(make, 1)
    told(bill.check, 2)
    return told(guess, Fake())
""",
    "shop/tests/test_apart.py": "import apart\n\n\ndef test_roll():\n    apart.roll()\n",
}
Edit = Callable[[str, random.Random], str]


def _line(text: str, chance: random.Random, pattern: str) -> int:
    rows = text.split("\n")
    return chance.choice([n for n, row in enumerate(rows) if re.match(pattern, row)] or [0])


def _put(text: str, at: int, more: str) -> str:
    rows = text.split("\n")
    return "\n".join([*rows[:at], more, *rows[at:]])


def _added_function(text: str, chance: random.Random) -> str:
    name = f"added{chance.randrange(1000)}"
    return f"{text}\n\ndef {name}(x):\n    return x.save(open('q'))\n"


def _removed_call(text: str, chance: random.Random) -> str:
    rows = text.split("\n")
    found = [n for n, row in enumerate(rows) if re.match(r" +[\w.]+\(.*\)$", row)]
    if found:
        at = chance.choice(found)
        rows[at] = re.sub(r"\S.*", "pass", rows[at])
    return "\n".join(rows)


def _changed_body(text: str, chance: random.Random) -> str:
    at = _line(text, chance, r"    .*return ")
    row = text.split("\n")[at]
    return (
        _put(text, at, f"{row[: len(row) - len(row.lstrip())]}SEEN = [make, main]") if at else text
    )


def _renamed_method(text: str, chance: random.Random) -> str:
    name = chance.choice(["check", "save", "each", "send", "saved", "checked"])
    return re.sub(rf"def {name}\b", f"def {name}{chance.choice(['ed', 's'])}", text, count=1)


def _moved_import(text: str, chance: random.Random) -> str:
    found = re.search(r"^(from|import) .*\n", text, re.MULTILINE)
    return text.replace(found[0], "") + "\n" + found[0] if found else text


def _moved_lines(text: str, chance: random.Random) -> str:
    return _put(text, _line(text, chance, r"( {4})?(def|class|return|import|from) ?"), "")


def _comment(text: str, chance: random.Random) -> str:
    return _put(text, _line(text, chance, r"\S"), f"# {chance.randrange(100)}")


def _docstring(text: str, chance: random.Random) -> str:
    return re.sub(r"(def make.*:\n)", r'\1    """Said\n    at length."""\n', text, count=1)


def _literal(text: str, chance: random.Random) -> str:
    return re.sub(r"\b\d\b(?!\))", str(chance.randrange(9)), text, count=chance.randrange(3) + 1)


def _split_line(text: str, chance: random.Random) -> str:
    found = [one.end() for one in re.finditer(r"\w\((?=\w)", text)]
    at = chance.choice(found or [0])
    return f"{text[:at]}\n            {text[at:]}" if at else text


EDITS: dict[str, Edit] = {
    "a function is added": _added_function,
    "a call is removed": _removed_call,
    "a body is changed": _changed_body,
    "a method is renamed": _renamed_method,
    "an import is moved": _moved_import,
    "lines are moved": _moved_lines,
    "a comment is added": _comment,
    "a docstring is added": _docstring,
    "a number is another": _literal,
    "a line is split": _split_line,
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in SOURCES.items():
        place = tmp_path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    (tmp_path / "parity.toml").write_text('sources = ["."]\n', "utf-8")
    return tmp_path


def _from_nothing(project: Path) -> str:
    kept = project / ".parity"
    kept.rename(project / ".kept")
    try:
        return scan(project).text
    finally:
        shutil.rmtree(kept)
        (project / ".kept").rename(kept)


def _counted(parts: Sequence[Part]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    """Units by module and class, and by the kind of their entry, as people are told them."""
    modules: Counter[tuple[str, str]] = Counter()
    entered: Counter[str] = Counter()
    for part in parts:
        entered.update(part.entered)
        for name, counts in part.modules.items():
            modules.update({(name, klass): count for klass, count in counts.items()})
    return modules, entered


def _counted_anew(document: Mapping[str, Any]) -> tuple[Counter[tuple[str, str]], Counter[str]]:
    units = document["units"]
    modules = Counter((one["id"].partition(":")[0], one["class"]) for one in units)
    return modules, Counter(one["entry"][0].split(" ")[0] for one in units if one["entry"])


@pytest.mark.parametrize("seed", range(3))
def test_a_changed_project_is_told_as_from_nothing(project: Path, seed: int) -> None:
    chance = random.Random(seed)
    assert '"how":"by use"' in scan(project).text
    done: list[str] = []
    for _ in range(14):
        kind = chance.choice(list(EDITS))
        file = project / chance.choice([name for name, text in SOURCES.items() if text])
        before = file.read_text("utf-8")
        file.write_text(EDITS[kind](before, chance), "utf-8")
        done.append(f"{kind}: {file.name}")
        found = scan(project)
        assert found.text == _from_nothing(project), done
        assert _counted(found.parts) == _counted_anew(found.document), done


FILES = ["shop/base.py", "shop/store.py", "shop/bill.py", "tool.py", "shop/later.py"]
UNSOLVED = ["lines are moved", "a comment is added", "a docstring is added", "a number is another"]


@pytest.mark.parametrize("kind", UNSOLVED)
def test_what_means_the_same_is_not_solved_again(
    project: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    scan(project)
    changed = 0
    with monkeypatch.context() as patched:
        patched.setattr(scanning, "solve", None)
        for seed, name in enumerate(FILES):
            file = project / name
            before = file.read_text("utf-8")
            file.write_text(EDITS[kind](before, random.Random(seed)), "utf-8")
            changed += file.read_text("utf-8") != before
            found = scan(project).text
    assert changed
    assert found == _from_nothing(project)


@pytest.mark.parametrize("kind", ["lines are moved", "a comment is added"])
def test_a_test_that_means_the_same_leaves_all_as_it_is(
    project: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = scan(project)
    file = project / "shop/tests/test_bill.py"
    file.write_text(EDITS[kind](file.read_text("utf-8"), random.Random(1)), "utf-8")
    monkeypatch.setattr(scanning, "solve", None)
    after = scan(project)
    assert not after.cached
    assert after.text == before.text
