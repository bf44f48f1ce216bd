"""Attributes that a class declares by calls of a library: what stands in its objects then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parity.scan.containers import Containers
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import INSTANTIATE
from parity.scan.objects import CONTAINER, FUNCTION, PROPERTY

GIVEN: Final = frozenset({"default", "default_value"})
OF_CLASS: Final = frozenset({"klass", "type", "model"})
"""Words by which such calls are given what stands there at first, and of what class it is."""


class Declaring(Containers):
    """Attributes whose class says what they hold, as far as the tables know how."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.made_by: dict[int, int] = {}
        """By variable: the call whose result it is, of the calls below this one."""
        self.made_to = 0

    def _declare(self, number: int, name: str, kind: str) -> None:
        """What an attribute holds that is declared by a call of this kind."""
        call = self.calls[number]
        to, args, words = call[0], call[2], call[3]
        if kind == "same":
            self.flow(call[10], to)
            return
        self._external(to, f"{name}()")
        given = [one for word, one in words if word in GIVEN]
        classes = [*args[:1], *(one for word, one in words if word in OF_CLASS)]
        if kind in ("instance", "class") and isinstance(call[12], str):
            named = self.new()
            module, _, name = call[12].rpartition(".")
            if module:
                self._import(named, self.module_name(module), name)
            classes = [named]
        if kind == "instance":
            for one in classes:
                if one:
                    self.wait(one, (INSTANTIATE, to))
        elif kind == "class":
            given += classes
        elif kind in ("list", "dict"):
            made = self.objects.number(CONTAINER, -number - 1, kind)
            for one in args[:1] if kind == "list" else ():
                self._put(made, None, one)
            self.add(to, made)
        for one in given:
            self.flow(one, to)

    def _declare_default(self, number: int) -> None:
        """`@default("x")`: what the method gives is what `x` holds at first."""
        call = self.calls[number]
        for at in range(self.made_to, len(self.calls)):  # more come as files are installed
            self.made_by[self.calls[at][0]] = at
        self.made_to = len(self.calls)
        name = self.calls[self.made_by.get(call[1], number)][12]
        for obj in tuple(self.holds.get(call[2][0], ())) if isinstance(name, str) else ():
            if self.objects.kinds[obj] != FUNCTION:
                continue
            module, facts = self.functions[self.objects.of[obj][1]]
            if facts.owner >= 0:
                family = self.family(self.first_class[module] + facts.owner)
                self._stored(family, name)
                self.flow(self.var(module, facts.ret), self.into(family, name))
                declared = self.find(self.first_class[module] + facts.owner, name)
                self.add(
                    declared, self.objects.number(PROPERTY, obj)
                )  # whoever asks first calls it
