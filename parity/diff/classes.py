"""Which Java class stands for which Python class in a unit: one for one."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field


@dataclass(slots=True)
class ClassPairs:
    """Pairs as they were met, first seen first; where they conflict, `settle` decides for all.

    A class met at one place of one fixture only is weaker than what all other places say, and
    two classes of one name belong together: what is settled does not depend on the order of
    fixtures.
    """

    java_of: dict[str, str] = field(default_factory=dict)
    python_of: dict[str, str] = field(default_factory=dict)
    votes: Counter[tuple[str, str]] = field(default_factory=Counter)
    disputed: bool = False

    def agree(self, python: str, java: str, *, remember: bool = True) -> bool:
        """Whether the two may stand for each other; remembers it unless it is only tried."""
        if python == java:
            return True
        agreed = (
            self.java_of.get(python, java) == java and self.python_of.get(java, python) == python
        )
        if remember:
            self.votes[python, java] += 1
            self.disputed = self.disputed or not agreed
            if agreed:
                self.java_of[python] = java
                self.python_of[java] = python
        return agreed

    def settle(self) -> None:
        """Decides by name, then by how often two classes were met at one place."""
        self.java_of.clear()
        self.python_of.clear()
        for python, java in sorted(self.votes, key=self._weight):
            if python not in self.java_of and java not in self.python_of:
                self.java_of[python] = java
                self.python_of[java] = python
        self.disputed = False

    def _weight(self, pair: tuple[str, str]) -> tuple[bool, int, tuple[str, str]]:
        python, java = pair
        return _simple(python) != _simple(java), -self.votes[pair], pair


def _simple(name: str) -> str:
    return re.split(r"[.:$]", name)[-1].replace("_", "").casefold()
