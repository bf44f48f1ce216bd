"""What is found in a class, as an instance or the class itself gives it: methods with their
receiver, properties, descriptors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.effects import IO, Effects
from parity.scan.families import Families
from parity.scan.linking import Module
from parity.scan.moving import BIND_CALL, OBJECTS, Use
from parity.scan.objects import (
    BOUND,
    CLASS,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    PROPERTY,
)

ENUMS: Final = frozenset(
    f"{module}.{name}"
    for module in ("enum", "aenum")
    for name in ("Enum", "IntEnum", "Flag", "IntFlag", "StrEnum")
)

UNBOUND: Final = frozenset({"staticmethod", "setter", "deleter"})
"""Flags of functions that an instance does not give with itself before their arguments."""
SEEDED: Final = -2
"""In place of a receiver that a method is known to be called on anyway."""


class Binding(Families):
    """Attributes of classes and their receivers, and calls that nobody writes."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.methods: dict[tuple[int, int], int] = {}
        """By function and receiver: the object that they are together."""
        self.receivers: dict[tuple[Any, ...], int] = {}
        """By place and descriptor: the variable of what it is asked for."""

    def _bind(self, use: Use, obj: int) -> None:
        """An object found in a class, as its instance (or the class) gives it."""
        _, to, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == PROPERTY:
            self._property(to, key[1], receiver, site)
        elif key[0] == INSTANCE and self.find(key[1], "__get__"):
            getter = self.find(key[1], "__get__")
            row = ("__get__", to, obj, *site)
            given = self._receiver(row, receiver)
            self._operator_call(row, getter, obj, to, [given], site)
        elif key[0] != FUNCTION:
            if key[0] == EXTERNAL and f"{key[1]}." in self.effects.declaring:
                return  # what it declares stands beside it
            if key[0] == EXTERNAL and self.objects.kinds[receiver] in OBJECTS:
                asked = f"{key[1]}.__get__"  # it is fetched where it is read, as by an ORM
                if self.effects.kinds.get(asked) in IO:
                    self._outward(self._site_call((asked, obj, *site), 0, [], site, asked), asked)
            self.add(to, obj)
            if self.objects.kinds[receiver] == CLASS:
                self._member_of_enum(to, self.objects.of[receiver][1])
        else:
            flags = self.functions[key[1]][1].flags
            owner = self.objects.of[receiver]
            if "property" in flags and owner[0] in OBJECTS:
                self._property(to, obj, receiver, site)
            elif "classmethod" in flags:
                for one in self.members(owner[1]) if owner[0] == FAMILY else [owner[1]]:
                    self._bound(to, key[1], self.objects.number(CLASS, one))
            elif owner[0] in OBJECTS and UNBOUND.isdisjoint(flags):
                self._bound(to, key[1], receiver)
            else:
                self.add(to, obj)

    def _bound(self, to: int, function: int, receiver: int) -> None:
        """A method and its receiver; one object for all receivers that it is called on anyway."""
        found = self.methods.get((function, receiver))
        if found is None:
            on = receiver
            if self._is_seeded(function, receiver):
                module, facts = self.functions[function]
                owner = self.first_class[module] + facts.owner
                is_class = self.objects.kinds[receiver] == CLASS
                on = self.objects.number(CLASS, owner) if is_class else self.family(owner)
            found = self.objects.number(BOUND, function, on)
            self.methods[(function, receiver)] = found
        self.add(to, found)

    def _is_seeded(self, function: int, receiver: int) -> bool:
        """Whether a method is known to be called on its receiver already."""
        module, facts = self.functions[function]
        kind, klass, *_ = self.objects.of[receiver]
        if facts.owner < 0 or "staticmethod" in facts.flags:
            return False
        wanted = (CLASS,) if "classmethod" in facts.flags else (INSTANCE, FAMILY)
        return kind in wanted and self.first_class[module] + facts.owner in self.above[klass]

    def _of_meta(self, use: Use, obj: int) -> None:
        """A method, or a property, of a metaclass, as a class gives it."""
        _, to, klass, *site = use
        flags = self.functions[self.objects.of[obj][1]][1].flags
        if "property" in flags:
            self._property(to, obj, klass, site)
        elif "classmethod" not in flags and "staticmethod" not in flags:
            self.add(to, self.objects.number(BOUND, self.objects.of[obj][1], klass))

    def _member_of_enum(self, to: int, klass: int) -> None:
        """What the class of an enumeration gives by a name is one of its instances."""
        if any(base in ENUMS for base in self.classes[klass].outside):
            self.add(to, self.objects.number(INSTANCE, klass))

    def _property(self, to: int, getter: int, receiver: int, site: Sequence[int]) -> None:
        number = self._site_call(("property", to, *site), to, [], site, "property")
        self.uses[BIND_CALL]((BIND_CALL, number, receiver, "property"), getter)

    def _site_call(
        self, key: tuple[Any, ...], to: int, args: list[int], site: Sequence[int], text: str
    ) -> int:
        """The call that stands for an operator or a property, made when it is first needed."""
        number = self.operator_calls.get(key)
        if number is None:
            function, line, module = site
            row = [to, 0, args, [], 0, 0, line, function, 3, text, 0, "", None, 0]
            number = self.operator_calls[key] = self._add_call(row, module)
        return number

    def _operator_call(
        self, key: tuple[Any, ...], variable: int, receiver: int, to: int, args: list[int],
        site: Sequence[int],
    ) -> None:  # fmt: skip
        number = self._site_call(key, to, args, site, key[0])
        self.wait(variable, (BIND_CALL, number, receiver, "operator"))

    def _is_asked(self, row: tuple[Any, ...], variable: int, receiver: int) -> bool:
        """Whether a place calls what a variable holds already, as it would with this receiver."""
        number, held = self.operator_calls.get(row), self.holds.get(variable)
        return (
            number is not None
            and held is not None
            and all(
                (number, self.objects.of[one][1], SEEDED) in self.bound
                and self._is_seeded(self.objects.of[one][1], receiver)
                for one in held
                if self.objects.kinds[one] == FUNCTION
            )
        )

    def _receiver(self, row: tuple[Any, ...], receiver: int) -> int:
        """The variable of the objects that a descriptor is asked for at one place."""
        found = self.receivers.get(row)
        if found is None:
            found = self.receivers[row] = self.new()
        if self.objects.kinds[receiver] in OBJECTS:
            self.add(found, receiver)
        return found
