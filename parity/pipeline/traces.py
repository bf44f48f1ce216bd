"""What a unit rests on, gathered from the traces of its batches (docs/worker-protocol.md)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(slots=True)
class Traces:
    """The union of all traces of each side, as one document a side."""

    python: dict[str, Any] = field(default_factory=dict)
    java: dict[str, Any] = field(default_factory=dict)

    @property
    def touches_nothing(self) -> bool:
        """Whether neither side was seen at anything outside of itself; python may have read."""
        return not (self.python.get("beyond") or self.java.get("beyond") or self.java.get("files"))

    def add(self, documents: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
        """Adds what the batches of a piece have told."""
        for whole, added in ((self.python, "python"), (self.java, "java")):
            for document in documents[added]:
                _join(whole, document)


def _join(whole: dict[str, Any], more: Mapping[str, Any]) -> None:
    """Joins lists as sets, and objects member by member."""
    for key, value in more.items():
        if isinstance(value, list):
            whole[key] = sorted({*whole.get(key, ()), *value})
        elif isinstance(value, Mapping):
            _join(whole.setdefault(key, {}), value)
        else:
            whole[key] = value
