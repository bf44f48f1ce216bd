"""What is kept of a unit whose verdict is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Kept = str | None
"""The hash of what stands at a path, or None where nothing did."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A result and everything it rests on; paths as seen from the root of the project.

    `modules` and `files`: hash by path. `shadows`: names of modules from outside of the sources,
    which a new file among the sources would hide. `distributions`: hash of RECORD by its path.
    `classes`: index of the class path's entry, and hash, by name. `resources`: hash in each folder
    of the class path, by name. `nowhere`: names that java looked for in vain. `beyond`: what was
    done that cannot be traced; then the evidence is good for its own run only.
    """

    unit: str
    basis: Mapping[str, str]
    result: Any
    modules: Mapping[str, Kept] = field(default_factory=dict)
    shadows: Sequence[str] = ()
    distributions: Mapping[str, Kept] = field(default_factory=dict)
    installed: str | None = None
    files: Mapping[str, Kept] = field(default_factory=dict)
    absent: Sequence[str] = ()
    env: Mapping[str, str] = field(default_factory=dict)
    classes: Mapping[str, Sequence[Any]] = field(default_factory=dict)
    resources: Mapping[str, Sequence[Kept]] = field(default_factory=dict)
    nowhere: Sequence[str] = ()
    beyond: Sequence[str] = ()
