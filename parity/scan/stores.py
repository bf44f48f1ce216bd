"""Attributes that are stored, and attributes by names that are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parity.scan.attributes import ANY_NAME, DECORATED, SPACES, Attributes
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import (
    ANY_LOAD,
    BIND,
    BIND_CALL,
    BIND_STORE,
    FORWARD,
    ITEM,
    KEEP,
    LOAD,
    OBJECTS,
    PUT,
    Use,
)
from parity.scan.objects import (
    BEYOND,
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    MODULE,
    PROPERTY,
    SUPER,
    near,
)
from parity.scan.stubs import stubs

MOST_COMPUTED: Final = 80
MOST_DECORATORS: Final = 4
UNTOLD: Final = ("?", "unittest.mock.", "mock.")
"""What the names of the outside begin with that many things share which are not the same."""
MOST_SET: Final = 1000
"""A class with more names than this is not asked which of them can be set."""


class Stores(Attributes):
    """What is stored in modules, classes and instances, and what a computed name may give."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.any_loads: dict[int, list[tuple[int, tuple[int, int, int]]]] = {}
        """By object: variables that any of its attributes may come into, and where."""
        self.decorators: dict[int, set[int]] = {}
        self.setting: set[str] = set()
        """Names that methods set; `*` where a method may set any."""
        self.forwards: dict[int, list[tuple[int, tuple[int, int, int] | None]]] = {}
        """By function: variables that it asks for whatever name it is asked for, and where; nowhere
        if it asks for what stands under that key."""
        self.keeping: dict[int, list[int]] = {}
        """By function: variables into which it puts what it is to store, under the same name."""
        self.kept: dict[int, dict[tuple[str, int], None]] = {}
        """By such a function: the names, and variables, that it is to store."""
        self.forwarded: dict[int, dict[str, int]] = {}
        """By function: the names that it is asked for, and the variable of what it gives by each,
        whoever asks."""

    def _is_set_by_a_method(self, name: str) -> bool:
        """Whether a store under a name may be a call, whatever is stored."""
        if not self.setting:
            self.setting.add("")
            for _, facts in self.functions:
                last = facts.qualname.rpartition(".")[2]
                if "setter" in facts.flags:
                    self.setting.add(last)
                elif facts.owner >= 0 and last in ("__set__", "__setattr__"):
                    self.setting.add(ANY_NAME)
        return name in self.setting or ANY_NAME in self.setting

    def _store(self, use: Use, obj: int) -> None:
        _, name, source, function, line, module = use
        key = self.objects.of[obj]
        if name == DECORATED:
            if key[0] == BOUND:
                obj, key = self.objects.number(FUNCTION, key[1]), (FUNCTION, key[1])
            if key[0] == FUNCTION and len(self._decorated_by(obj, source)) <= MOST_DECORATORS:
                self.flow(source, self._field((obj, name)))
        elif key[0] == MODULE:
            self.module_writes.append((function, f"{key[1]}:{name}", line, module))
            for variable in self._providers(key[1], name):
                self.flow(source, variable)
            self.flow(source, self._field((obj, name)))
        elif key[0] in OBJECTS:
            self._store_in(use, obj)
        elif key[0] == CLASS:
            own = self.classes[key[1]].names.get(name)
            self.flow(source, own if own is not None else self._field((obj, name)))
        elif key[0] == FUNCTION or self._keeps(obj):
            self.flow(source, self._field((obj, name)))

    def _keeps(self, obj: int) -> bool:
        """Whether what is stored in something that is none of the project is found there again."""
        key = self.objects.of[obj]
        if key[0] == EXTERNAL:
            return obj not in self.objects.values and not key[1].startswith(UNTOLD)
        return bool(key[0] == CONTAINER and key[2] in SPACES)

    def _stored(self, obj: int, name: str) -> None:
        kind, klass = self.objects.of[obj]
        names = self.stored.setdefault((kind, klass), set())
        if name in names:
            return
        names.add(name)
        for other, loads in tuple(self.any_loads.items()):
            if self.share(obj, other):
                for to, site in tuple(loads):
                    self._load_known(to, other, name, site)

    def _decorated_by(self, function: int, made: int) -> set[int]:
        """What decorators make of a function, as far as it is known: of what may be anything one
        learns nothing."""
        known = self.decorators.setdefault(function, set())
        known.update(self.holds.get(made, ()))
        return known

    def _store_in(self, use: Use, obj: int) -> None:
        """A store in an instance, or in any of a family."""
        _, name, source, *site = use
        self._stored(obj, name)
        self.flow(source, self.into(obj, name))
        for variable in self.variables(obj, name):
            self.wait(variable, (BIND_STORE, source, obj, *site))
        for setter in self.variables(obj, "__setattr__"):
            row = ("__setattr__", source, name, *site)
            self._operator_call(row, setter, obj, 0, [self._text(name), source], site)
            self.wait(setter, (KEEP, name, source))

    def _set_keeping(self, function: int, variable: int) -> None:
        self.keeping.setdefault(function, []).append(variable)
        for name, source in tuple(self.kept.get(function, ())):
            self.wait(variable, (PUT, None if name == ANY_NAME else name, source))

    def _keep(self, function: int, name: str, source: int) -> None:
        """A `__setattr__` is to store something: where it puts that under its name, it is."""
        kept = self.kept.setdefault(function, {})
        if (name, source) not in kept:
            kept[(name, source)] = None
            for variable in tuple(self.keeping.get(function, ())):
                self.wait(variable, (PUT, None if name == ANY_NAME else name, source))

    def _bind_store(self, use: Use, obj: int) -> None:
        _, source, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == FUNCTION and "setter" in self.functions[key[1]][1].flags:
            number = self._site_call(("setter", source, *site), 0, [source], site, "property")
            self.uses[BIND_CALL]((BIND_CALL, number, receiver, "property"), obj)
        elif key[0] == PROPERTY and len(key) > 2 and key[2]:
            number = self._site_call(("setter", source, *site), 0, [source], site, "property")
            self.wait(key[2], (BIND_CALL, number, receiver, "property"))
        elif key[0] == INSTANCE and self.find(key[1], "__set__"):
            setter = self.find(key[1], "__set__")
            row = ("__set__", source, obj, *site)
            given = self._receiver(row, receiver)
            self._operator_call(row, setter, obj, 0, [given, source], site)

    def _load_past(self, obj: int, to: int, name: str, site: Sequence[int]) -> None:
        """What an object has by a name, whatever its class does with those that ask."""
        if name.startswith("__") and name.endswith("__"):
            self._load((LOAD, to, name, *site), obj)
            return
        self.flow(self.out_of(obj, name), to)
        for variable in self.variables(obj, name):
            self.wait(variable, (BIND, to, obj, *site))

    def _store_past(self, obj: int, source: int, names: Sequence[str], site: Sequence[int]) -> None:
        """A store past the `__setattr__` of a class; where its name is not known, what the class
        has that can be set takes it."""
        for name in names:
            self._stored(obj, name)
            self.flow(source, self.into(obj, name))
            for variable in self.variables(obj, name):
                self.wait(variable, (BIND_STORE, source, obj, *site))
        if names:
            return
        for variable in self._all_of_class(obj):
            self.wait(variable, (BIND_STORE, source, obj, *site))

    def _all_of_class(self, obj: int) -> Sequence[int]:
        """The variables of all names in the class of an object; none where they are many."""
        klasses = {
            klass for one in self.each(obj) for klass in self.classes[self.objects.of[one][1]].mro
        }
        variables = {one for klass in klasses for one in self.classes[klass].names.values()}
        return sorted(variables) if len(variables) <= MOST_SET else ()

    def _ask_forward(self, function: int, to: int, name: str) -> None:
        """A function is asked for a name, or for any: so are the objects that it asks in turn."""
        asked = self.forwarded.setdefault(function, {})
        given = asked.get(name)
        if given is None:
            given = asked[name] = self.new()
            for variable, site in tuple(self.forwards.get(function, ())):
                self._forward(variable, given, name, site)
        self.flow(given, to)

    def _set_forward(self, function: int, variable: int, site: tuple[int, int, int] | None) -> None:
        self.forwards.setdefault(function, []).append((variable, site))
        for name, given in tuple(self.forwarded.get(function, {}).items()):
            self._forward(variable, given, name, site)

    def _forward(
        self, variable: int, to: int, name: str, site: tuple[int, int, int] | None
    ) -> None:
        if site is None:
            self.wait(variable, (ITEM, to, None if name == ANY_NAME else name))
        elif name == ANY_NAME:
            self.wait(variable, (ANY_LOAD, to, *site))
        else:
            self.wait(variable, (LOAD, to, name, *site))

    def _any_load(self, use: Use, obj: int) -> None:
        """An attribute by a computed name: any that the object has, as far as it is known."""
        _, to, *site = use
        key = self.objects.of[obj]
        if key[0] == EXTERNAL:
            if key[1] not in stubs().functions:
                self.add(to, self.objects.external(near(f"{key[1]}{BEYOND}")))
        elif key[0] in (CLASS, MODULE):
            for name in self._public(obj):
                self._load((LOAD, to, name, *site), obj)
        else:
            where = (site[0], site[1], site[2])
            self.any_loads.setdefault(obj, []).append((to, where))
            for name in self._public_of_all(obj):
                self._load_known(to, obj, name, where)
            self.flow(self.out_of(obj, ANY_NAME), to)
            for getter in self.variables(obj, "__getattr__"):
                row = ("__getattr__", to, getter, *where)
                self._operator_call(row, getter, obj, to, [self._text(ANY_NAME)], where)
                self.wait(getter, (FORWARD, to, ANY_NAME))

    def _load_known(self, to: int, obj: int, name: str, site: tuple[int, int, int]) -> None:
        """What an object has by a name that it is known to have."""
        if self.objects.kinds[obj] == INSTANCE:
            self._load((LOAD, to, name, *site), obj)
            return
        self.flow(self.out_of(obj, name), to)
        for variable in self.variables(obj, name):
            self.wait(variable, (BIND, to, obj, *site))

    def _public_of_all(self, obj: int) -> Sequence[str]:
        """The same of an instance, or of all of a family."""
        if self.objects.kinds[obj] == INSTANCE:
            return self._public(obj)
        return sorted({name for one in self.each(obj) for name in self._public(one)})

    def _any_store(self, use: Use, obj: int) -> None:
        _, source, *site = use
        self.flow(source, self.into(obj, ANY_NAME))
        for setter in self.variables(obj, "__setattr__"):
            row = ("__setattr__", source, ANY_NAME, *site)
            self._operator_call(row, setter, obj, 0, [self._text(ANY_NAME), source], site)
            self.wait(setter, (KEEP, ANY_NAME, source))
        for name in self._public_of_all(obj):
            for variable in self.variables(obj, name):
                self.wait(variable, (BIND_STORE, source, obj, *site))

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
            names |= self.stored_in(key)
        return {name for name in names if not name.startswith("_")}

    def _own(self, obj: int, name: str) -> int:
        is_class = self.objects.kinds[obj] == CLASS
        return self._field((obj, name)) if is_class else self.single(obj, name)

    def _is_filled(self, obj: int) -> bool:
        """Whether something is known of each of the names of an object, or of a class."""
        klass, names = self.objects.of[obj][1], self._names(obj)
        return len(names) <= MOST_COMPUTED and all(
            self.holds.get(self.find(klass, name)) or self.holds.get(self._own(obj, name))
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
