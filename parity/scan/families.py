"""Attributes of instances, by themselves and in families.

What is stored in any of a family is kept in one variable, and what any of it may give comes
together in another. Such variables of one name are tied where some instance has a part in both: so
nothing is laid out for the many instances of which nobody speaks one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from parity.scan.effects import Effects
from parity.scan.linked import Linked
from parity.scan.linking import Module
from parity.scan.objects import FAMILY, INSTANCE


@dataclass(slots=True)
class Named:
    """The variables of one name, by object: of single instances, and into and out of families."""

    single: dict[int, int] = field(default_factory=dict)
    into: dict[int, int] = field(default_factory=dict)
    out_of: dict[int, int] = field(default_factory=dict)


class Families(Linked):
    """What is stored under a name in an instance, or in any of a family, and what they give."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.places: dict[str, Named] = {}
        self.meeting: dict[tuple[int, int], bool] = {}
        self.stored: dict[tuple[int, int], set[str]] = {}
        """By kind and class: names under which something is stored in an instance, or in any of a
        family."""

    def single(self, obj: int, name: str) -> int:
        """The variable of an attribute of one instance: what is stored in it, and what it gives."""
        named = self._named_so(name)
        found = named.single.get(obj)
        if found is None:
            found = named.single[obj] = self._field((obj, name))
            for family, variable in tuple(named.into.items()):
                if self.share(obj, family):
                    self.flow(variable, found)
            for family, variable in tuple(named.out_of.items()):
                if self.share(obj, family):
                    self.flow(found, variable)
        return found

    def into(self, obj: int, name: str) -> int:
        """The variable of what is stored under a name in an object: an instance or a family."""
        named = self._named_so(name)
        return self._placed(obj, name, named.into, (named.single, named.out_of), self.flow)

    def out_of(self, obj: int, name: str) -> int:
        """The variable of what an object, an instance or a family, has by a name."""
        named = self._named_so(name)

        def tie(found: int, other: int) -> None:
            self.flow(other, found)

        return self._placed(obj, name, named.out_of, (named.single, named.into), tie)

    def _placed(
        self,
        obj: int,
        name: str,
        places: dict[int, int],
        others: tuple[dict[int, int], ...],
        tie: Callable[[int, int], None],
    ) -> int:
        """The variable of an object among `places`, tied to those of `others` with which it has an
        instance in common."""
        if self.objects.kinds[obj] != FAMILY:
            return self.single(obj, name)
        found = places.get(obj)
        if found is None:
            found = places[obj] = self.new()
            for table in others:
                for other, variable in tuple(table.items()):
                    if self.share(obj, other):
                        tie(found, variable)
        return found

    def is_stored(self, obj: int, name: str) -> bool:
        """Whether anything is stored under a name in an instance that an object stands for."""
        named = self.places.get(name)
        return named is not None and any(
            self.share(obj, one) for one in (*named.single, *named.into)
        )

    def stored_in(self, klass: int) -> set[str]:
        """The names under which something is stored in instances of a class."""
        names: set[str] = set()
        for one in self.classes[klass].mro:
            names |= self.stored.get((INSTANCE, one), set())
            names |= self.stored.get((FAMILY, one), set())
        return names

    def variables(self, obj: int, name: str) -> list[int]:
        """The variables of a name in the class of an instance, or in those of a family."""
        kind, klass = self.objects.of[obj]
        found = self.distinct(klass, name) if kind == FAMILY else [self.find(klass, name)]
        return [one for one in found if one]

    def share(self, one: int, other: int) -> bool:
        """Whether two objects, instances or families, stand for an instance in common."""
        (kind, klass), (of, above) = self.objects.of[one], self.objects.of[other]
        if kind == FAMILY and of == FAMILY:
            return self._meet(klass, above)
        if kind == FAMILY:
            return klass in self.above[above]
        return above in self.above[klass] if of == FAMILY else one == other

    def _named_so(self, name: str) -> Named:
        found = self.places.get(name)
        if found is None:
            found = self.places[name] = Named()
        return found

    def _meet(self, one: int, other: int) -> bool:
        """Whether two families have an instance in common."""
        if one == other:
            return True
        key = (one, other) if one < other else (other, one)
        found = self.meeting.get(key)
        if found is None:
            found = any(other in self.above[member] for member in self.members(one))
            self.meeting[key] = found
        return found
