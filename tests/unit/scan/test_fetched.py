"""Attributes that are fetched where they are read."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.scan.one_file import scan_of, unit

MADE = {
    "a column": "from sqlalchemy import Column\nclass C:\n x = Column(1)\n",
    "what it belongs to": "from sqlalchemy import orm\nclass C:\n x = orm.relationship(1)\n",
    "a key": "from django.db import models\nclass C:\n x = models.ForeignKey(1)\n",
}


@pytest.mark.parametrize("case", MADE)
def test_what_an_orm_fetches_where_it_is_read_is_io(tmp_path: Path, case: str) -> None:
    text = (
        f"{MADE[case]}def f(c: C): return c.x\ndef g(): return C.x\nclass D(C):\n"
        " def __init__(self): self.x = 1\n def f(self): return self.x\n"
    )
    found = scan_of(tmp_path, text)
    assert [one.kind for one in unit(found, "m:f").effects] == ["db"]
    assert unit(found, "m:D.f").klass == "port"  # what is stored there is forgotten, and fetched
    assert unit(found, "m:g").klass == "pure"
    assert unit(found, "m:D.__init__").klass == "pure"


def test_what_is_only_written_down_in_a_class_is_not_fetched(tmp_path: Path) -> None:
    text = "import decimal\nclass C:\n x = decimal.Decimal(1)\ndef f(c: C): return c.x\n"
    assert unit(scan_of(tmp_path, text), "m:f").klass in ("pure", "stateful")
