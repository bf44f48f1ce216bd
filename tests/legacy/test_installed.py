"""What the legacy server needs is installed."""

from __future__ import annotations

from .conftest import MISSING


def test_the_sample_extra_is_installed() -> None:
    assert MISSING == [], "install the `sample` extra: pip install -e '.[sample,test]'"
