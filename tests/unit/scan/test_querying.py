"""What stores are asked for by a class."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import called, scan_of, unit

HEAD = (
    "from sqlalchemy import select\nimport sqlalchemy as sa\n"
    "from sqlalchemy.orm import Session, sessionmaker\nfrom django.db import models\n"
    "class Part:\n def go(self): pass\n @property\n def full(self): pass\n"
    "class Row(models.Model):\n def go(self): pass\n"
)
ASKING = {
    "first": "s.query(Part).filter(x=1).first().go()",
    "by an index": "s.query(Part).all()[0].go()",
    "in a loop": "[one.go() for one in s.query(Part)]",
    "a property": "s.query(Part).one().full",
    "by its key": "s.query(Part).get(1).go()",
    "a statement": "s.scalars(select(Part).where(x=1)).first().go()",
    "a statement of one": "s.scalar(sa.select(Part)).go()",
    "executed": "s.execute(select(Part)).scalar_one().go()",
    "whoever is asked": "of.query(Part).first().go()",
    "a manager": "Row.objects.filter(x=1).first().go()",
    "a manager in a loop": "[one.go() for one in Row.objects.all()]",
}


@pytest.mark.parametrize("asking", ASKING)
def test_what_is_asked_for_by_a_class_is_of_it(tmp_path: Path, asking: str) -> None:
    text = f"{HEAD}def f(s: Session, of): return {ASKING[asking]}\n"
    found = scan_of(tmp_path, text)
    (name,) = called(found, "m:f")
    assert name in ("m:Part.go", "m:Part.full", "m:Row.go")
    assert unit(found, "m:f").klass == "port"
    assert not unit(found, "m:f").unresolved


def test_a_statement_is_no_access(tmp_path: Path) -> None:
    found = scan_of(tmp_path, f"{HEAD}def f(): return select(Part).where(x=1)\n")
    assert unit(found, "m:f").klass == "pure"


def test_what_is_asked_for_by_something_else_is_nothing_of_the_project(tmp_path: Path) -> None:
    text = f"{HEAD}def f(s: Session): return s.query(Part.x).first().run()\n"
    found = scan_of(tmp_path, text)
    assert not called(found, "m:f")
    assert unit(found, "m:f").klass == "port"


KEPT_ELSEWHERE = {
    "file": [
        "from dulwich.repo import Repo\ndef f(x): return Repo('.').object_store[x]\n",
        "from dulwich.repo import Repo\ndef f(x): return Repo('.')[x]\n",
        "from icalendar import Calendar\ndef f(x): return Calendar.from_ical(x)\n",
    ],
    "db": [
        "import sqlalchemy as sa\nparts = sa.Table('parts', sa.MetaData())\n"
        "def f(x): parts.create(x, True)\n"
    ],
}


@pytest.mark.parametrize(
    ("kind", "text"), [(kind, text) for kind, texts in KEPT_ELSEWHERE.items() for text in texts]
)
def test_what_libraries_read_is_no_value(tmp_path: Path, kind: str, text: str) -> None:
    assert kind in {one.kind for one in unit(scan_of(tmp_path, text), "m:f").effects}
