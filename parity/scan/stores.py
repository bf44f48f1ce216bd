"""Attributes that are stored, and attributes by names that are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parity.scan.attributes import ANY_NAME, DECORATED, SPACES, Attributes
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import ANY_LOAD, BIND_CALL, BIND_STORE, FORWARD, LOAD, OBJECTS, Use
from parity.scan.objects import (
    BEYOND,
    BOUND,
    CLASS,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    MODULE,
    SUPER,
    near,
)

MOST_COMPUTED: Final = 80


class Stores(Attributes):
    """What is stored in modules, classes and instances, and what a computed name may give."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.family_stores: dict[tuple[int, str], int] = {}
        self.any_loads: dict[int, list[tuple[int, tuple[int, int, int]]]] = {}
        """By class: variables that any of its attributes may come into, and where."""
        self.stored: dict[int, set[str]] = {}
        """By class: names under which something is stored in its instances."""
        self.setting: set[str] = set()
        """Names that methods set; `*` where a method may set any."""
        self.forwards: dict[int, list[tuple[int, tuple[int, int, int]]]] = {}
        """By function: variables that it asks for whatever name it is asked for, and where."""
        self.forwarded: dict[int, dict[tuple[int, str], None]] = {}
        """By function: variables that what it gives comes into, and the names."""

    def _is_set_by_a_method(self, name: str) -> bool:
        """Whether a store under a name may be a call, whatever is stored."""
        if not self.setting:
            self.setting.add("")
            for _, facts in self.functions:
                last = facts.qualname.rpartition(".")[2]
                if "setter" in facts.flags:
                    self.setting.add(last)
                elif facts.owner >= 0 and last in ("__set__", "__setattr__"):
                    self.setting.add("*")
        return name in self.setting or "*" in self.setting

    def _store(self, use: Use, obj: int) -> None:
        _, name, source, function, line, module = use
        key = self.objects.of[obj]
        if name == DECORATED:
            if key[0] == FUNCTION:
                self.flow(source, self._field((obj, name)))
        elif key[0] == MODULE:
            self.module_writes.append((function, f"{key[1]}:{name}", line, module))
            for variable in self._providers(key[1], name):
                self.flow(source, variable)
            self.flow(source, self._field((obj, name)))
        elif key[0] == INSTANCE:
            self._stored(key[1], name)
            self.flow(source, self._field((obj, name)))
            variable = self.find(key[1], name)
            if variable:
                self.wait(variable, (BIND_STORE, source, obj, function, line, module))
            setter = self.find(key[1], "__setattr__")
            if setter:
                site = (function, line, module)
                row = ("__setattr__", source, *site)
                self._operator_call(row, setter, obj, 0, [0, source], site)
        elif key[0] == FAMILY:
            self._store_family(key[1], use, obj)
        elif key[0] == CLASS:
            own = self.classes[key[1]].names.get(name)
            self.flow(source, own if own is not None else self._field((obj, name)))
        elif key[0] in (FUNCTION, BOUND) or key[2] in SPACES:
            self.flow(source, self._field((obj, name)))

    def _stored(self, klass: int, name: str) -> None:
        names = self.stored.setdefault(klass, set())
        if name in names:
            return
        names.add(name)
        for to, site in tuple(self.any_loads.get(klass, ())):
            self._load((LOAD, to, name, *site), self.objects.number(INSTANCE, klass))

    def _store_family(self, klass: int, use: Use, obj: int) -> None:
        """A store on any of a family: all of their fields are fed from one variable."""
        _, name, source, *site = use
        joined = self.family_stores.get((klass, name))
        if joined is None:
            joined = self.family_stores[(klass, name)] = self.new()
            for one in self.members(klass):
                self._stored(one, name)
                self.flow(joined, self._field((self.objects.number(INSTANCE, one), name)))
        self.flow(source, joined)
        for variable in self.distinct(klass, name):
            if variable:
                self.wait(variable, (BIND_STORE, source, obj, *site))
        for setter in self.distinct(klass, "__setattr__"):
            if setter:
                row = ("__setattr__", source, *site)
                self._operator_call(row, setter, obj, 0, [0, source], site)

    def _bind_store(self, use: Use, obj: int) -> None:
        _, source, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == FUNCTION and "setter" in self.functions[key[1]][1].flags:
            number = self._site_call(("setter", source, *site), 0, [source], site, "property")
            self.uses[BIND_CALL]((BIND_CALL, number, receiver, "property"), obj)
        elif key[0] == INSTANCE and self.find(key[1], "__set__"):
            setter = self.find(key[1], "__set__")
            row = ("__set__", source, obj, *site)
            given = self._receiver(row, receiver)
            self._operator_call(row, setter, obj, 0, [given, source], site)

    def _ask_forward(self, function: int, to: int, name: str) -> None:
        """A function is asked for a name, or for any: so are the objects that it asks in turn."""
        asked = self.forwarded.setdefault(function, {})
        if (to, name) not in asked:
            asked[(to, name)] = None
            for variable, site in tuple(self.forwards.get(function, ())):
                self._forward(variable, to, name, site)

    def _set_forward(self, function: int, variable: int, site: tuple[int, int, int]) -> None:
        self.forwards.setdefault(function, []).append((variable, site))
        for to, name in tuple(self.forwarded.get(function, ())):
            self._forward(variable, to, name, site)

    def _forward(self, variable: int, to: int, name: str, site: tuple[int, int, int]) -> None:
        if name == ANY_NAME:
            self.wait(variable, (ANY_LOAD, to, *site))
        else:
            self.wait(variable, (LOAD, to, name, *site))

    def _any_load(self, use: Use, obj: int) -> None:
        """An attribute by a computed name: any that the object has, as far as it is known."""
        _, to, *site = use
        key = self.objects.of[obj]
        if key[0] == EXTERNAL:
            self.add(to, self.objects.external(near(f"{key[1]}{BEYOND}")))
        elif key[0] in (CLASS, MODULE):
            for name in self._public(obj):
                self._load((LOAD, to, name, *site), obj)
        else:
            for one in self.each(obj):
                klass = self.objects.of[one][1]
                self.any_loads.setdefault(klass, []).append((to, (site[0], site[1], site[2])))
                for name in self._public(one):
                    self._load((LOAD, to, name, *site), one)
                self.flow(self._field((one, ANY_NAME)), to)
                getter = self.find(klass, "__getattr__")
                if getter:
                    where = (site[0], site[1], site[2])
                    row = ("__getattr__", to, *where)
                    self._operator_call(row, getter, one, to, [0], where)
                    self.wait(getter, (FORWARD, to, ANY_NAME))

    def _any_store(self, use: Use, obj: int) -> None:
        _, source, *site = use
        for one in self.each(obj):
            klass = self.objects.of[one][1]
            self.flow(source, self._field((one, ANY_NAME)))
            setter = self.find(klass, "__setattr__")
            if setter:
                row = ("__setattr__", source, *site)
                self._operator_call(row, setter, one, 0, [0, source], site)
            for name in self._public(one):
                self.wait(self.find(klass, name), (BIND_STORE, source, one, *site))

    def each(self, obj: int) -> list[int]:
        """The instances that an object stands for."""
        kind, klass, *_ = self.objects.of[obj]
        if kind != FAMILY:
            return [obj]
        return [self.objects.number(INSTANCE, one) for one in self.members(klass)]

    def _public(self, obj: int) -> Sequence[str]:
        """Names without underscore of a module, or of a class and those above it; none where they
        are many."""
        names = self._names(obj)
        return sorted(names) if len(names) <= MOST_COMPUTED else ()

    def _names(self, obj: int) -> set[str]:
        kind, key = self.objects.of[obj]
        if kind == MODULE:
            at = self.numbers.get(key)
            names = set(self.modules[at].summary.names) if at is not None else set()
        else:
            names = {name for one in self.classes[key].mro for name in self.classes[one].names}
            names |= {name for one in self.classes[key].mro for name in self.stored.get(one, ())}
        return {name for name in names if not name.startswith("_")}

    def _is_filled(self, obj: int) -> bool:
        """Whether something is known of each of the names of an object, or of a class."""
        klass, names = self.objects.of[obj][1], self._names(obj)
        return len(names) <= MOST_COMPUTED and all(
            self.holds.get(self.find(klass, name)) or self.holds.get(self._field((obj, name)))
            for name in names
        )

    def is_enumerable(self, obj: int) -> bool:
        """Whether all that an object gives by a computed name is known."""
        kind, key, *_ = self.objects.of[obj]
        if kind == MODULE:
            return len(self._names(obj)) <= MOST_COMPUTED
        if kind == CLASS or kind in OBJECTS:
            return "?" not in self.classes[key].outside and all(
                map(self._is_filled, self.each(obj))
            )
        return bool(kind != SUPER)
