"""Containers: what is put into them, and what they give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.attributes import ABSTRACT
from parity.scan.deferred import GOING_ON, Deferred
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import CALL, HAND, ITEM, MERGE, OPERATE, STORE, Use
from parity.scan.objects import ALL, CONTAINER, EXTERNAL, FAMILY, INSTANCE, KEYS, UNNAMED

MOST_GLOBALS: Final = 80
MOST_PLACES: Final = 20
"""Elements of a tuple that is passed on are told apart up to here."""
COMPARING: Final = frozenset({"__hash__", "__eq__"})
ORDERING: Final = frozenset({"__lt__", "__le__", "__gt__", "__ge__"})
PLACING: Final = COMPARING | ORDERING
KEYED: Final = frozenset("get pop setdefault add remove discard index count".split())
"""Methods of containers that look for what they are given."""
DEFAULTS: Final = "collections.defaultdict"
SEARCHING: Final = frozenset("remove index count".split())
"""Of these the ones that compare it with all that is there."""
SETS: Final = frozenset({"set", "frozenset"})
COPIED: Final = frozenset("__copy__ __deepcopy__ __reduce_ex__ __getstate__ __setstate__".split())
"""What copying an object, or writing it down, asks it for."""
DICTS: Final = frozenset("dict collections.OrderedDict collections.defaultdict".split())
OF_PAIRS: Final = frozenset(
    "list tuple set frozenset collections.deque items zip generator reversed sorted iter"
    " itertools.chain".split()
)
"""Containers that, where a dict is made of them, hold pairs of a key and a value."""
TAKING: Final = frozenset("get pop setdefault popleft get_nowait __getitem__ __next__".split())
"""Methods of containers that give one of their elements."""


class Containers(Deferred):
    """Elements, by key where that is known."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.holders: dict[int, list[int]] = {}
        self.comparing: bool | None = None
        self.looked_up: set[tuple[int, tuple[int, int, int]]] = set()
        """Variables of what is looked up among others, and where."""
        self.searched: set[tuple[Any, ...]] = set()
        """Containers, how their elements are asked, and where."""
        self.seconds: dict[int, int] = {}
        """By container of pairs: what the second of each is."""
        self.keys: dict[int, dict[str, None]] = {}
        """By container: its fields under keys that are known, in which something is."""
        self.key_of: dict[int, int] = {}
        """By container: the variable of its keys, where these are asked for."""
        self.keys_at: dict[int, int] = {}
        """By such a variable: the container."""
        self.joined: dict[int, dict[int, None]] = {}
        """By container: those that hold all that it holds, under the same keys."""
        self.set_by: dict[int, dict[tuple[int, tuple[int, ...]], None]] = {}
        """By dict: variables of objects that are given what is in it as attributes, and where."""
        self.passed_on: dict[int, dict[tuple[int, int], None]] = {}
        """By tuple: those that hold what it holds, so many places further on."""

    def _item(self, to: int, obj: int, key: str | None) -> None:
        of = self.objects.of[obj]
        if of[0] == FAMILY:
            for one in self._holders(obj):
                self._item(to, one, key)
        elif self._is_container(of):
            if key is None:
                self.flow(self._field((obj, ALL)), to)
            else:
                self.flow(self._field((obj, f"[{key}")), to)
                self.flow(self._field((obj, UNNAMED)), to)
        elif of[0] == EXTERNAL:
            name = f"{of[1]}[]"
            given = self.effects.returns.get(name)
            if of[1] in ("builtins.str()", "builtins.bytes()"):
                self._external(to, of[1])
            elif of[1] in ABSTRACT:  # `Names = Mapping[str, str]`, which annotations name
                self.add(to, self.objects.external(name))
            elif given is not None:
                self.add(to, self.objects.external(given))

    def _fill(self, container: int, call: Sequence[Any]) -> None:
        """What a tuple whose elements have names is made of."""
        for index, arg in enumerate(call[2]):
            if arg:
                self._put(container, str(index), arg)
        for word, arg in call[3]:
            self._put(container, word, arg)

    def _is_container(self, of: tuple[Any, ...]) -> bool:
        """Whether things are in it: a container, or an instance of a class that is one."""
        if of[0] == CONTAINER:
            return True
        return of[0] == INSTANCE and (bool(self._held_as(of[1])) or self.is_named_tuple(of[1]))

    def _holders(self, family: int) -> list[int]:
        """Of a family those that are containers: hardly ever any."""
        found = self.holders.get(family)
        if found is None:
            found = [one for one in self.each(family) if self._held_as(self.objects.of[one][1])]
            self.holders[family] = found
        return found

    def _put(self, obj: int, key: str | None, source: int) -> None:
        if self.objects.kinds[obj] == FAMILY:
            for one in self._holders(obj):
                self._put(one, key, source)
        elif self._is_container(self.objects.of[obj]):
            self.flow(source, self._field((obj, ALL)))
            if key is None:
                self.flow(source, self._field((obj, UNNAMED)))
            else:
                self.flow(source, self._keyed(obj, f"[{key}"))

    def _merge(self, into: int, obj: int) -> None:
        """All that a container holds, into another."""
        if self.objects.kinds[obj] == FAMILY:
            for one in self._holders(obj):
                self._merge(into, one)
        elif obj != into and self._is_container(self.objects.of[obj]):
            of, is_dict = self.objects.of[obj], self._is_dict(self.objects.of[into])
            if is_dict and self._is_dict(of):
                self._join(into, obj)
                return
            source = self._field((obj, ALL))
            if is_dict and of[0] == CONTAINER and of[2] in OF_PAIRS:
                source = self._second_of(obj, source)
            self.flow(source, self._field((into, ALL)))
            self.flow(source, self._field((into, UNNAMED)))

    def _keys_of(self, obj: int) -> int:
        """The variable of the keys of a container: which these are is looked up when it counts."""
        found = self.key_of.get(obj)
        if found is None:
            found = self.key_of[obj] = self.new()
            self.keys_at[found] = obj
            self.add(found, self.objects.written)
            self.flow(self._field((obj, KEYS)), found)
        return found

    def _keyed(self, obj: int, key: str) -> int:
        """The field of a container under a key that is known, to put something into."""
        variable = self._field((obj, key))
        keys = self.keys.setdefault(obj, {})
        if key not in keys:
            keys[key] = None
            for into in tuple(self.joined.get(obj, ())):
                self.flow(variable, self._keyed(into, key))
            for on, site in tuple(self.set_by.get(obj, ())):
                self.wait(on, (STORE, key.removeprefix("["), variable, *site))
            for into, places in tuple(self.passed_on.get(obj, ())):
                self._pass_on_one(obj, key, into, places)
            for klass in tuple(self.naming.get(obj, ())):
                self._own_name(obj, key, klass)
        return variable

    def _pass_on(self, obj: int, into: int, places: int) -> None:
        """All that a tuple holds, into another, each so many places further on."""
        passed_on = self.passed_on.setdefault(obj, {})
        if (into, places) in passed_on:
            return
        passed_on[(into, places)] = None
        for name in (ALL, UNNAMED):
            self.flow(self._field((obj, UNNAMED)), self._field((into, name)))
        for key in tuple(self.keys.get(obj, ())):
            self._pass_on_one(obj, key, into, places)

    def _pass_on_one(self, obj: int, key: str, into: int, places: int) -> None:
        place = key.removeprefix("[")
        at = int(place) + places if place.isdigit() else MOST_PLACES
        if at >= 0:
            to = self._keyed(into, f"[{at}") if at < MOST_PLACES else self._field((into, UNNAMED))
            self.flow(self._field((obj, key)), to)
            self.flow(to, self._field((into, ALL)))

    def _set_each(self, obj: int, on: int, site: Sequence[int]) -> None:
        """Each thing in a dict is stored in an object under its own key."""
        where = (on, tuple(site))
        known = self.set_by.setdefault(obj, {})
        if not on or where in known or not self._is_dict(self.objects.of[obj]):
            return
        known[where] = None
        for key in tuple(self.keys.get(obj, ())):
            self.wait(on, (STORE, key.removeprefix("["), self._field((obj, key)), *site))

    def _keys_in(self, container: int) -> Sequence[str]:
        return tuple(self.keys.get(container, ()))

    def _put_key(self, obj: int, key: int) -> None:
        """An object of the project is a key of a dict."""
        self.flow(key, self._field((obj, KEYS)))

    def _view_of_keys(self, obj: int) -> int:
        """What going over a dict goes over."""
        view = self.objects.number(CONTAINER, ("keys", obj), "keys")
        for field in (ALL, UNNAMED):
            self.flow(self._field((obj, KEYS)), self._field((view, field)))
        return view

    def _ask_elements(self, obj: int, name: str, site: Sequence[int]) -> None:
        """What is asked of a container is asked of what is in it: where it is copied, say."""
        key = (obj, name, *site)
        if key not in self.searched:
            self.searched.add(key)
            self.wait(self._field((obj, ALL)), (OPERATE, 0, name, [], *site))

    def _ask_as_mapping(self, variable: int, site: Sequence[int]) -> None:
        """A dict is made of something: that is asked for its keys first, if it has any."""
        for name in ("keys", "__getitem__"):
            self.wait(variable, (OPERATE, 0, name, [], *site))

    def _join(self, into: int, obj: int) -> None:
        """All that a dict holds, into another, each under its key."""
        joined = self.joined.setdefault(obj, {})
        if into in joined:
            return
        joined[into] = None
        for name in (ALL, UNNAMED, KEYS):
            self.flow(self._field((obj, name)), self._field((into, name)))
        for key in tuple(self.keys.get(obj, ())):
            self.flow(self._field((obj, key)), self._keyed(into, key))

    def _is_dict(self, of: tuple[Any, ...]) -> bool:
        return of[2] in DICTS if of[0] == CONTAINER else self._held_as(of[1]) == "dict"

    def _second_of(self, obj: int, pairs: int) -> int:
        second = self.seconds.get(obj)
        if second is None:
            second = self.seconds[obj] = self.new()
            self.wait(pairs, (ITEM, second, "1"))
        return second

    def _container_method(self, number: int, container: int, name: str) -> None:
        call = self.calls[number]
        to, args = call[0], call[2]
        key = call[12]
        of = self.objects.of[container]
        kind = of[2] if of[0] == CONTAINER else self._held_as(of[1])
        prefix = "" if "." in kind else "builtins."
        self._outward(number, f"{prefix}{kind}().{name}")
        if args and name in KEYED:
            self._compared(args[0], self._site_of(number))
            if name == "setdefault":
                self._put_key(container, args[0])
            if name in SEARCHING:
                self._compare_elements(container, "__eq__", self._site_of(number))
        if name in GOING_ON and self._runs(container, self._site_of(number), name):
            self._item(to, container, None)
        elif name in ("append", "add", "appendleft", "put", "put_nowait", "set"):
            if args and args[0]:
                self._put(container, None, args[0])
        elif name in ("insert", "__setitem__") and len(args) > 1 and args[1]:
            self._put(container, None, args[1])
        elif name in ("extend", "update", "extendleft", "union", "difference", "intersection"):
            for one in args:
                if one:
                    self.wait(one, (MERGE, container))
                    self._put(container, None, self._iterated(number, one))
                    if name == "update" and self._is_dict(of):
                        self._ask_as_mapping(one, self._site_of(number))
            for word, one in call[3]:
                self._put(container, word, one)
            if kind in SETS:
                self._hash_elements(container, self._site_of(number))
            self.add(to, container)
        elif name in TAKING:
            self._item(to, container, key if name != "popleft" and kind == "dict" else None)
            if len(args) > 1 and args[1]:
                self.flow(args[1], to)
                if name == "setdefault":
                    self._put(container, key, args[1])
        elif name in ("items", "popitem"):
            self._pairs(
                to,
                number,
                self._field((container, ALL)),
                self._keys_of(container),
                single=name == "popitem",
            )
        elif name == "keys":
            self.add(to, self._view_of_keys(container))
        elif name == "values":
            view = self.objects.number(CONTAINER, ("values", container), "values")
            for field in (ALL, UNNAMED):
                self.flow(self._field((container, field)), self._field((view, field)))
            self.add(to, view)
        elif name in ("copy", "__iter__", "__await__", "__enter__"):
            self.add(to, container)
        elif name in ("sort",):
            for word, one in call[3]:
                if word == "key":
                    self.wait(one, (HAND, number, "builtins.list().sort", container))
            self._operate_all(number, self._field((container, ALL)), "__lt__")

    def _compared(self, variable: int, site: tuple[int, int, int]) -> None:
        """What is looked up among others answers for itself: by its hash, and by comparing."""
        key = (variable, site)
        if variable and self.is_comparing() and key not in self.looked_up:
            self.looked_up.add(key)
            for name in ("__hash__", "__eq__"):
                self.wait(variable, (OPERATE, 0, name, [], *site))

    def _ask_factory(self, made_by: Any, obj: int, site: Sequence[int]) -> None:
        """What a dict lacks that is asked for it is made there, by what it was given for that."""
        given = self.calls[-made_by - 1][2] if isinstance(made_by, int) and made_by < 0 else ()
        key = ("makes", obj, *site)
        if given and given[0] and key not in self.operator_calls:
            number = self._site_call(key, 0, [], site, "[]")
            self.wait(given[0], (CALL, number, "operator"))

    def _compare_elements(self, obj: int, name: str, site: Sequence[int]) -> None:
        """What is in a container answers for itself where one searches it, and where a tuple is
        compared or looked up."""
        if self.is_comparing():
            self._ask_elements(obj, name, site)

    def _hash_elements(self, obj: int, site: Sequence[int]) -> None:
        """What comes into a set is asked for its hash, and may be compared."""
        for name in sorted(COMPARING):
            self._compare_elements(obj, name, site)

    def is_comparing(self) -> bool:
        """Whether any class here says what its instances are equal to, or less than."""
        if self.comparing is None:
            self.comparing = any(not PLACING.isdisjoint(one.names) for one in self.classes)
        return self.comparing

    def _operate_all(self, number: int, variable: int, name: str) -> None:
        call = self.calls[number]
        at = self.call_modules[number]
        use: Use = (OPERATE, 0, name, [], call[7], call[6], at)
        self.wait(variable, use)

    def _pairs(
        self, to: int, number: int, values: int, keys: int = 0, *, single: bool = False
    ) -> None:
        """A container of (key, value) pairs."""
        pair = self.objects.number(CONTAINER, -number - 1, "tuple")
        if keys:
            self._put(pair, "0", keys)
        self._put(pair, "1", values)
        if single:
            self.add(to, pair)
            return
        whole = self.objects.number(CONTAINER, -number - 1, "items")
        for field in (ALL, UNNAMED):
            self.add(self._field((whole, field)), pair)
        self.add(to, whole)

    def _each(self, variable: int) -> int:
        element = self.new()
        self.wait(variable, (ITEM, element, None))
        return element

    def _iterated(self, number: int, arg: int) -> int:
        """What iterating over an object of the project gives."""
        site = self._site_of(number)
        iterator, element = self.new(), self.new()
        self.wait(arg, (OPERATE, iterator, "__iter__", [], *site))
        self.wait(iterator, (OPERATE, element, "__next__", [], *site))
        self.wait(iterator, (ITEM, element, None))
        return element

    def _call_builtins_locals(self, number: int, call: Sequence[Any]) -> None:
        """The names of a module, where its own body asks for them."""
        if call[7] == self.first_function[self.call_modules[number]]:
            self._call_builtins_globals(number, call)

    def _call_builtins_globals(self, number: int, call: Sequence[Any]) -> None:
        """The names of a module as a dict; those that it has already unless they are too many."""
        at = self.call_modules[number]
        names = self.modules[at].summary.names
        made = self._globals_of(at)
        for name, variable in names.items() if len(names) <= MOST_GLOBALS else ():
            self._put(made, name, self.var(at, variable))
        self.add(call[0], made)
