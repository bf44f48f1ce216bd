"""Classes that are made by a call: `type(name, bases, names)`, or a metaclass that is called so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import BESIDE, ITEM, NAMED_BY, NAMES_OF, OWNED, Use
from parity.scan.objects import CLASS, EXTERNAL, FUNCTION, INSTANCE
from parity.scan.telling import Telling

METACLASS: Final = "builtins.type"
FEWEST_PARTS: Final = 2
"""Arguments of a call that makes a class: with one, `type` gives the class of it."""


class Making(Telling):
    """What such a class is derived from, and what it is given by name. Each of its bases stands for
    it: what it is given, instances of these have."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.naming: dict[int, dict[int, None]] = {}
        """By dict: the classes that have what is in it, each under its key."""

    def _make_bases(self) -> None:
        """Before it is known which classes there are: what is derived from one that a call makes is
        derived from its bases, and an instance of its metaclass."""
        for at, module in enumerate(self.modules):
            own, summary = self.own[at], module.summary
            parts: dict[int, list[int]] = {
                row[0]: [] for row in summary.containers if row[1] == "tuple"
            }
            for base, _, source, *_ in summary.puts:
                if base in parts:
                    parts[base].append(source)
            for row in summary.calls:
                bases = parts.get(row[2][1]) if len(row[2]) > FEWEST_PARTS else None
                for maker in self._metaclasses(own[row[1]]) if bases else ():
                    for one in bases or ():
                        self.flow(own[one], own[row[0]])
                    if maker >= 0:
                        self.add(own[row[0]], self.objects.number(INSTANCE, maker))

    def _metaclasses(self, variable: int) -> list[int]:
        """The metaclasses of the project that a variable holds; -1 for Python's own."""
        keys = [self.objects.of[one] for one in self.holds.get(variable, ())]
        found = [key[1] for key in keys if key[0] == CLASS and self._is_below_type(key[1])]
        return found + [-1 for key in keys if key[:2] == (EXTERNAL, METACLASS)]

    def _is_below_type(self, klass: int) -> bool:
        """Whether a class is a metaclass, as far as its bases are known by now."""
        seen, pending = {klass}, [klass]
        while pending:
            for base in self.classes[pending.pop()].bases:
                for key in (self.objects.of[one] for one in self.holds.get(base, ())):
                    if key[:2] == (EXTERNAL, METACLASS):
                        return True
                    if key[0] == CLASS and key[1] not in seen:
                        seen.add(key[1])
                        pending.append(key[1])
        return False

    def _call_builtins_type(self, number: int, call: Sequence[Any]) -> None:
        """The class of an object; or a new one, of which is known what it is derived from."""
        if len(call[2]) < FEWEST_PARTS:
            super()._call_builtins_type(number, call)
        elif call[2][1]:
            made = call[0] or self.new()
            self.wait(call[2][1], (ITEM, made, None))
            self.wait(call[2][1], (BESIDE,))
            if len(call[2]) > FEWEST_PARTS and call[2][2]:
                self.wait(call[2][2], (NAMES_OF, made))

    def _names_of(self, use: Use, names: int) -> None:
        """A dict of names with which classes are made."""
        self.wait(use[1], (NAMED_BY, names))

    def _named_by(self, use: Use, obj: int) -> None:
        klass = self.objects.of[obj][1]
        classes = self.naming.setdefault(use[1], {})
        if klass not in classes:
            classes[klass] = None
            for key in tuple(self._keys_in(use[1])):
                self._own_name(use[1], key, klass)

    def _own_name(self, names: int, key: str, klass: int) -> None:
        """A class has what stands under a key of a dict; its functions are methods."""
        name = key.removeprefix("[")
        instance = self.objects.number(INSTANCE, klass)
        field = self._field((names, key))
        self.flow(field, self._field((self.objects.number(CLASS, klass), name)))
        self.wait(field, (OWNED, self.single(instance, name), instance))

    def _owned(self, use: Use, obj: int) -> None:
        if self.objects.kinds[obj] == FUNCTION:
            self._bound(use[1], self.objects.of[obj][1], use[2])
        else:
            self.add(use[1], obj)

    def _keys_in(self, container: int) -> Sequence[str]:
        """The fields of a dict under keys that are known."""
        raise NotImplementedError
