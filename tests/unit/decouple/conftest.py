"""What tests of seams and drafts share."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest


@pytest.fixture
def usual_depth() -> Iterator[None]:
    """The depth that a process starts with: another test may have raised it, as a run does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(1000)
    yield
    sys.setrecursionlimit(before)
