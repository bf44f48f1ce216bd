"""The Java exceptions that stand for Python's are there."""

from __future__ import annotations

import pytest

from parity.diff.raised import STANDARD
from parity.model import Returned
from tests.unit.sides.java.conftest import Java

NAMES = sorted({name for names in STANDARD.values() for name in names})


@pytest.mark.parametrize("name", NAMES)
def test_it_is_an_exception_of_the_jdk(java: Java, name: str) -> None:
    assert java.run("isThrown", name).outcome == Returned(True)
