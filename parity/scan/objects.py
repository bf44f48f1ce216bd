"""What a variable may hold: functions, classes, instances, modules, names of the outside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

(FUNCTION, CLASS, INSTANCE, MODULE, EXTERNAL, BOUND, CONTAINER, METHOD, SUPER, PARTIAL,
 PROPERTY, FAMILY) = range(12)  # fmt: skip
"""Kinds of objects: (FUNCTION, function) (CLASS, class) (INSTANCE, class) (MODULE, name)
(EXTERNAL, name) (BOUND, function, receiver) (CONTAINER, where made, type) (METHOD, container, name)
(SUPER, class, receiver) (PARTIAL, object, call) (PROPERTY, getter, variables of its setter and its
deleter if it has them) (FAMILY, class): any instance of a class and of those below it, which need
not be told apart where a method may be called on all."""

VALUES: Final[Mapping[str, type]] = {
    f"builtins.{kind.__name__}()": kind
    for kind in (str, bytes, bytearray, int, float, complex, bool, dict, list, set, tuple)
}
"""Names of values of builtin types."""
ALL: Final = "+"
"""Field of a container: all that is in it."""
UNNAMED: Final = "*"
"""Field of a container: what is in it under a key that is not known."""
KEYS: Final = "keys"
"""Field of a dict: objects under which something is in it."""
TEXT: Final = "builtins.str()"
BEYOND: Final = ".…"
MOST_CALLS: Final = 2
MOST_AFTER: Final = 3
MOST_DOTS: Final = 8
"""Names outside of the project grow no longer than this: `x = x.next` would go on for ever."""


class Objects:
    """Objects by number, each once."""

    def __init__(self) -> None:
        self.of: list[tuple[Any, ...]] = []
        self.kinds: list[int] = []
        self.values: set[int] = set()
        """Those that stand for values of builtin types: they cannot be called."""
        self._numbers: dict[tuple[Any, ...], int] = {}
        self._alone: dict[int, frozenset[int]] = {}
        self.written = self.number(EXTERNAL, TEXT, "written")
        """A text that is written in the code, and not made while it runs."""
        self.values.add(self.written)

    def number(self, *key: Any) -> int:
        """The number of an object, the same for the same key."""
        found = self._numbers.get(key)
        if found is None:
            found = self._numbers[key] = len(self.of)
            self.of.append(key)
            self.kinds.append(key[0])
        return found

    def alone(self, obj: int) -> frozenset[int]:
        """A set of one object; most variables hold no more, and share it."""
        found = self._alone.get(obj)
        if found is None:
            found = self._alone[obj] = frozenset((obj,))
        return found

    def external(self, name: str) -> int:
        """The number of a name outside of the project."""
        found = self.number(EXTERNAL, name)
        if name in VALUES:
            self.values.add(found)
        return found


def is_too_far(name: str) -> bool:
    """Whether a name is too long a way from what is known outside of the project."""
    if name.count("()") > MOST_CALLS:
        return True
    if name.count(".") > MOST_DOTS:
        return True
    return name.partition("()")[2].count(".") > MOST_AFTER


def near(name: str) -> str:
    """A name outside of the project, cut where it leads too far: `…` stands for all beyond."""
    at = name.find(BEYOND)
    if at >= 0:
        return name[: at + len(BEYOND)]
    if not is_too_far(name):
        return name
    head, call, _ = name.partition("()")
    return head + call + BEYOND


@cache
def is_function_name(name: str) -> bool:
    """Whether a name outside of the project looks like that of a function: no result, no class,
    no constant."""
    last = name.rpartition(".")[2]
    return not last.endswith(("()", "[]", "__")) and last.lstrip("_")[:1].islower()


@dataclass(slots=True)
class Klass:
    """A class of the project: the variables of its names and of its metaclass, and where else names
    are looked up; `metas` are classes of the project that it is an instance of, `declared` names
    that are only annotated."""

    module: int
    qualname: str
    line: int
    names: dict[str, int]
    bases: list[int]
    fields: list[str]
    decorators: list[str]
    meta: int = 0
    declared: frozenset[str] = frozenset()
    mro: list[int] = field(default_factory=list)
    metas: list[int] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    below: list[int] = field(default_factory=list)


def linearise(classes: list[Klass], parents: list[list[int]]) -> None:
    """Sets the `mro` of all classes: C3 where it exists, else depth first."""
    done: dict[int, list[int]] = {}

    def order(one: int, open_: frozenset[int]) -> list[int]:
        if one in done:
            return done[one]
        above = [parent for parent in parents[one] if parent not in open_ and parent != one]
        lists = [list(order(parent, open_ | {one})) for parent in above] + [above]
        merged = [one, *_merge(lists)]
        if not open_:
            done[one] = merged
        return merged

    for index, klass in enumerate(classes):
        klass.mro = order(index, frozenset())
        for above in klass.mro[1:]:
            classes[above].below.append(index)
    for klass in classes:
        outside: list[str] = []
        for one in klass.mro:
            outside += [name for name in classes[one].outside if name not in outside]
        klass.outside = outside


def _merge(lists: list[list[int]]) -> list[int]:
    merged: list[int] = []
    lists = [list(one) for one in lists if one]
    while lists:
        for one in lists:
            head = one[0]
            if not any(head in other[1:] for other in lists):
                break
        else:
            head = lists[0][0]
        merged.append(head)
        lists = [[x for x in one if x != head] for one in lists]
        lists = [one for one in lists if one]
    return merged
