"""Attributes: what objects give by a name, and what is stored there."""

from __future__ import annotations

import builtins
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from types import CoroutineType, FunctionType
from typing import Any, Final

from parity.scan.binding import ENUMS
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.making import Making
from parity.scan.moving import BIND, CALL, FORWARD, LOAD, NEXT, OF_META, Use
from parity.scan.objects import (
    ALL,
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    METHOD,
    MODULE,
    PARTIAL,
    PROPERTY,
    SUPER,
    TEXT,
    VALUES,
    near,
)
from parity.scan.shapes import PAST
from parity.scan.stubs import stubs
from parity.scan.telling import TOLD

EXTENSION: Final = "stevedore.extension.Extension"
HELD: Final = frozenset({"plugin", "obj", "driver"})
"""Attributes of an extension, and of a manager of one: what was loaded, and what that gave."""
CONTAINERS: Final = frozenset(
    "builtins.dict builtins.list builtins.set builtins.tuple builtins.frozenset collections.deque"
    " collections.defaultdict collections.OrderedDict collections.Counter queue.Queue"
    " queue.SimpleQueue queue.LifoQueue queue.PriorityQueue Queue.Queue asyncio.Queue"
    " multiprocessing.Queue contextvars.ContextVar weakref.WeakValueDictionary"
    " weakref.WeakKeyDictionary weakref.WeakSet"
    " collections.ChainMap types.MappingProxyType itertools.chain builtins.reversed"
    " builtins.sorted builtins.iter".split()
)
USER_CONTAINERS: Final[Mapping[str, str]] = {
    "collections.UserDict": "dict", "UserDict.UserDict": "dict", "collections.UserList": "list",
    "UserDict.IterableUserDict": "dict", "UserList.UserList": "list",
}  # fmt: skip
OF_CONTAINERS: Final = frozenset(
    name for kind in (dict, list, set) for name in dir(kind) if not name.startswith("__")
)
ANY_NAME: Final = "*"
"""Field of an instance: what is stored in it under a name that is computed."""
DECORATED: Final = "@"
"""Field of a function: what decorators from outside of the project make of it; no object of the
project, but what its further attributes are asked of."""
OF_TYPES: Final[Mapping[str, type]] = {
    "dict": dict, "list": list, "set": set, "tuple": tuple, "frozenset": frozenset,
    "coroutine": CoroutineType, "collections.deque": deque,
    "collections.defaultdict": defaultdict, "collections.OrderedDict": OrderedDict,
    "collections.Counter": Counter,
}  # fmt: skip
OLD_METHODS: Final = frozenset(
    "has_key iteritems iterkeys itervalues next viewitems viewkeys viewvalues".split()
)
OF_TUPLES: Final = frozenset((*dir(tuple), "_asdict", "_make", "_replace", "_fields"))
NAMED_TUPLES: Final = frozenset(
    {"collections.namedtuple()", "typing.NamedTuple()", "typing_extensions.NamedTuple()"}
)
"""What gives classes of tuples whose elements have names."""
REFERENCES: Final = frozenset({"weakref.ref", "weakref.WeakMethod"})
"""What gives, when it is called, what it was made of."""
SPACES: Final = frozenset(
    "threading.local types.SimpleNamespace argparse.Namespace werkzeug.local.Local"
    " asgiref.local.Local gevent.local.local".split()
)
"""What makes objects that keep any attribute that they are given."""
ABSTRACT: Final[Mapping[str, str]] = {
    f"{module}.{name}": kind
    for module in ("typing", "typing_extensions", "collections.abc")
    for kind, names in {
        "dict": "Dict DefaultDict OrderedDict Mapping MutableMapping",
        "list": "List Sequence MutableSequence",
        "set": "Set FrozenSet AbstractSet MutableSet",
        "tuple": "Tuple",
    }.items()
    for name in names.split()
} | {"_typeshed.wsgi.WSGIEnvironment": "dict", "wsgiref.types.WSGIEnvironment": "dict"}
"""Annotations of containers, by what they stand for."""
PROPERTY_CLASS: Final = "builtins.property"
SLOTS: Final = ("fget", "fset", "fdel")
"""Attributes of a property, in the order in which it is given them."""
UNSAID: Final = frozenset(
    "builtins.object collections.abc.Callable collections.abc.Awaitable collections.abc.Coroutine"
    " collections.Callable".split()
)
"""Annotations that do not say what is called."""
MOST_BELOW: Final = 30
"""An annotation stands for the classes below the one that it names, unless they are more."""


class Attributes(Making):
    """Loads and stores, as modules, classes, instances and `super` answer them."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.family_loads: dict[tuple[int, str], tuple[int, list[int], list[int], bool]] = {}
        self.holding: dict[int, str] = {}
        self.named: dict[int, bool] = {}
        self.assigned: list[frozenset[str]] = []
        """By class: names that its methods, and those above it, store in their object."""
        self.assigned_below: dict[int, frozenset[str]] = {}
        """The same of the classes of a family."""
        self.manners: dict[int, list[list[int]]] = {}
        """By class: those of its family, together where they lack names in the same manner."""
        self.guarded: dict[int, list[int]] = {}
        """By class: those of its family that are asked first for every attribute; of most, none."""
        asked = [one for one in self.classes if "__getattr__" in self.defined]
        self.declared = frozenset[str]().union(*(one.declared for one in asked))
        """Names that classes only declare, if there is any that is asked for what it lacks."""
        self.unfilled: dict[tuple[int, str], bool] = {}
        """By class and name: whether the class only declares it; see below."""
        self.lent: set[str] = set()
        """Names under which something is stored in an object that is not a method's own."""
        self.properties: set[tuple[int, str]] | None = None
        """Classes and their properties, once they are asked for."""
        self.slots: dict[int, list[int]] = {}
        self.set_on: dict[int, int] = {}
        self.text_of: dict[str, int] = {}
        """By name: the variable that holds it as a text."""

    def _set_assigned(self) -> None:
        """Finds what methods store in their own object, before stores are worked off."""
        found: dict[int, set[str]] = {}
        for at, module in enumerate(self.modules):
            own = {facts.params[0][1]: facts.owner for facts in module.summary.functions
                   if facts.owner >= 0 and facts.params}  # fmt: skip
            for base, name, *_ in module.summary.stores:
                if base in own:
                    found.setdefault(self.first_class[at] + own[base], set()).add(name)
                else:
                    self.lent.add(name)
        for klass in self.classes:
            above = [found[one] for one in klass.mro if one in found]
            self.assigned.append(frozenset[str]().union(*above))
        self._set_guarded()

    def _set_guarded(self) -> None:
        asked = {at for at in range(len(self.classes)) if self.find(at, "__getattribute__")}
        for klass in {one for at in asked for one in self.classes[at].mro}:
            self.guarded[klass] = [one for one in self.members(klass) if one in asked]

    def _load(self, use: Use, obj: int) -> None:
        to, name = use[1], use[2]
        key = self.objects.of[obj]
        kind, site = key[0], use[3:6]
        if kind == INSTANCE:
            self._load_instance(to, key[1], name, obj, site)
        elif kind == FAMILY:
            self._load_family(to, key[1], name, obj, site)
        elif kind == EXTERNAL:
            for one in self.outside_attribute(obj, name):
                self.add(to, one)
            if name in self.lent:
                self.flow(self._field((obj, name)), to)
        elif kind == MODULE:
            self._member(to, key[1], name)
            self._of_all(to, name)
            if key[1] in self.numbers and not self._is_given(key[1], name):
                self._ask_module(to, key[1], name, site)
        elif kind == CLASS:
            self._load_class(to, key[1], name, obj, site)
        elif kind == CONTAINER:
            if key[2] in NAMED_TUPLES and name not in OF_TUPLES:
                self.flow(self._field((obj, ALL)), to)
            elif key[2] in SPACES or (key[2] == EXTENSION and name in HELD):
                self.flow(self._field((obj, name)), to)
            elif not _lacks_method(key[2], name):
                self.add(to, self.objects.number(METHOD, obj, name))
        elif kind == SUPER:
            self._load_super(to, key, name, site)
        elif kind == PROPERTY and name == "fget":
            self.add(to, key[1])
        elif kind == PROPERTY and name == "fset" and len(key) > 2:
            self.flow(key[2], to)
        elif kind in (FUNCTION, BOUND, PARTIAL):
            of = self.objects.number(FUNCTION, key[1]) if kind == BOUND else obj
            self.flow(self._of_function(of, name, site), to)
            if hasattr(FunctionType, name):
                self.add(to, self.objects.external(f"builtins.function().{name}"))

    def _of_function(self, obj: int, name: str, site: tuple[int, int, int]) -> int:
        """The variable of what a function, or what a decorator of the outside made of it, has by a
        name."""
        key = (obj, name)
        found = self.fields.get(key)
        if found is None:
            found = self._field(key)
            if name != DECORATED and not hasattr(FunctionType, name):
                self.wait(self._field((obj, DECORATED)), (LOAD, found, name, *site, 0))
        return found

    def _is_given(self, module: str, name: str) -> bool:
        """Whether a module of the project has a name by itself: defined, imported, or below it."""
        whole = f"{module}.{name}"
        below = whole in self.numbers or whole in self.packages
        return below or bool(self._providers(module, name))

    def _ask_module(self, to: int, module: str, name: str, site: tuple[int, int, int]) -> None:
        """What the `__getattr__` of a module gives, where it has one."""
        for getter in self._providers(module, "__getattr__"):
            given = [self._text(name)]
            number = self._site_call(("__getattr__", to, *site), to, given, site, "__getattr__")
            self.wait(getter, (CALL, number, "operator"))

    def _text(self, name: str) -> int:
        """A variable that holds a name as a text; `*` stands for any."""
        found = self.text_of.get(name)
        if found is None:
            found = self.text_of[name] = self.new()
            if name == ANY_NAME:
                self._external(found, TEXT)
            else:
                self.texts[found] = {name: None}
                self.add(found, self.objects.written)
        return found

    def _external(self, to: int, name: str) -> None:
        self.add(to, self.objects.external(near(name)))

    def _load_instance(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        self.flow(self.single(obj, name), to)
        if klass in self.guarded:
            self._ask_first(to, klass, name, obj, site)
        variable = self.find(klass, name)
        if variable:
            self.wait(variable, (BIND, to, obj, *site))
            if name in self.declared and self._is_only_declared(klass, name):
                self._ask_last(to, self.find(klass, "__getattr__"), name, obj, site)
        else:
            self._load_missing(to, klass, name, obj, site, is_own=name in self.assigned[klass])

    def _is_only_declared(self, klass: int, name: str) -> bool:
        """Whether a class names an attribute in an annotation only, and nothing is known to give it
        to its instances: they are asked for it by `__getattr__`."""
        key = (klass, name)
        found = self.unfilled.get(key)
        if found is None:
            found = False
            if self.find(klass, "__getattr__"):
                mro = [self.classes[one] for one in self.classes[klass].mro]
                first = next(one for one in mro if name in one.names)
                found = name in first.declared and not first.decorators
                found = found and all(map(CONTAINERS.__contains__, first.outside))
                is_kept = name in self.assigned[klass] and not self.find(klass, "__setattr__")
                found = found and not is_kept
            self.unfilled[key] = found
        return found

    def _ask_last(
        self, to: int, getter: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        """What the `__getattr__` of a class gives."""
        row = ("__getattr__", to, *site)
        if not self._is_asked(row, getter, obj):
            self._operator_call(row, getter, obj, to, [self._text(name)], site)
            self.wait(getter, (FORWARD, to, name))

    def _ask_first(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        """What a class gives that is asked for every attribute of its instances."""
        getter = self.find(klass, "__getattribute__")
        if getter:
            row = ("__getattribute__", to, getter, *site)
            self._operator_call(row, getter, obj, 0, [self._text(name)], site)
            self.wait(getter, (FORWARD, to, name))

    def _load_missing(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int], *, is_own: bool
    ) -> None:
        """What an instance gives by a name that its class does not define; `is_own` where the
        project gives it one."""
        if name == "__class__":
            self.add(to, self.objects.number(CLASS, klass))
            return
        getter = self.find(klass, "__getattr__")
        if getter:
            self._ask_last(to, getter, name, obj, site)
        if name == "__dict__":
            self._dict_of(to, klass)
        if name in OF_CONTAINERS and self._held_as(klass):
            instance = self.objects.number(INSTANCE, klass)
            self.add(to, self.objects.number(METHOD, instance, name))
        elif self.is_named_tuple(klass) and name not in OF_TUPLES:
            self.flow(self._field((self.objects.number(INSTANCE, klass), ALL)), to)
        elif not (getter or self.classes[klass].outside):
            self._given_by_meta(to, klass, name, obj, site)
        else:
            self._outside(to, self.classes[klass].outside, name, is_own=is_own)

    def _dict_of(self, to: int, klass: int) -> None:
        """The attributes of an instance as a dict: what is put into it is stored in the object."""
        made = self.objects.number(CONTAINER, ("__dict__", klass), "dict")
        instance = self.objects.number(INSTANCE, klass)
        self.flow(self._field((made, ALL)), self.single(instance, ANY_NAME))
        self.add(to, made)

    def _load_family(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        """What all of a family have by a name: worked out once, whoever asks."""
        for one in self.guarded.get(klass, ()):
            self._ask_first(to, one, name, obj, site)
        known = self.family_loads.get((klass, name))
        if known is None:
            joined = self.new()
            self.flow(self.out_of(obj, name), joined)
            variables = [one for one in self.distinct(klass, name) if one]
            own = bool(variables) or name in self._assigned_below(klass)
            members = self.members(klass) if variables and name in self.declared else ()
            asking = [one for one in members if self.find(one, name)]
            asking = [one for one in asking if self._is_only_declared(one, name)]
            for one in self._missing(klass, name):
                if name != "__class__" and self.find(one, "__getattr__"):
                    asking.append(one)  # a call at each place that loads
                else:
                    self._load_missing(joined, one, name, obj, site, is_own=own)
            known = (joined, variables, asking, own)
            self.family_loads[(klass, name)] = known
        joined, variables, others, own = known
        self.flow(joined, to)
        for variable in variables:
            self.wait(variable, (BIND, to, obj, *site))
        for one in others:
            if self.find(one, name):
                self._ask_last(to, self.find(one, "__getattr__"), name, obj, site)
            else:
                self._load_missing(to, one, name, obj, site, is_own=own)

    def _missing(self, klass: int, name: str) -> Iterable[int]:
        """Of the classes of a family that do not define a name one of each manner: those of the
        same give the same."""
        is_defined = name in self.defined
        if name in ("__class__", "__dict__"):
            return [one for one in self.members(klass) if not self.find(one, name)]
        found: dict[int, None] = {}
        for members in self._manners(klass):
            for one in members:
                if not (is_defined and self.find(one, name)):
                    found[one] = None
                    if not (name in OF_CONTAINERS and self._held_as(one)):
                        break
        return found

    def _manners(self, klass: int) -> list[list[int]]:
        """The classes of a family, together where `_load_missing` finds the same for them."""
        found = self.manners.get(klass)
        if found is None:
            groups: dict[Any, list[int]] = {}
            for one in self.members(klass):
                made = [each for each in self.classes[one].mro if self.is_made_by_meta(each)]
                outside = tuple(self.classes[one].outside)
                manner = self.find(one, "__getattr__"), outside, tuple(made)
                groups.setdefault(manner, []).append(one)
            found = self.manners[klass] = list(groups.values())
        return found

    def _assigned_below(self, klass: int) -> frozenset[str]:
        """Names that methods of a family store in their object."""
        found = self.assigned_below.get(klass)
        if found is None:
            below = [self.assigned[one] for one in self.members(klass)]
            found = self.assigned_below[klass] = frozenset[str]().union(*below)
        return found

    def _outside(self, to: int, bases: Iterable[str], name: str, *, is_own: bool = False) -> None:
        """What bases outside of the project give. An attribute that the project gives its objects
        is hardly theirs: it counts as theirs where that says what it does."""
        for base in bases:
            whole = f"{base}().{name}"
            if base == "?" or _lacks(base, name, is_own=is_own):
                continue
            if not (is_own and self.effects.is_silent(whole)):
                self._external(to, self.effects.plain(whole))
        self._of_all(to, name)

    def _of_all(self, to: int, name: str) -> None:
        """What every object has: `__dict__`, `__doc__` and their like."""
        if name == "__dict__":
            self.add(to, self.objects.external("builtins.dict()"))
        elif name in ("__doc__", "__name__", "__qualname__", "__module__", "__file__"):
            self.add(to, self.objects.external("builtins.str()"))

    def _load_class(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        self.flow(self._field((obj, name)), to)
        variable = self.find(klass, name)
        for meta in self.classes[klass].metas if variable else ():
            if self._is_property(meta, name):  # it goes before what the class has
                self.wait(self.find(meta, name), (OF_META, to, obj, *site))
        if variable:
            self.wait(variable, (BIND, to, obj, *site))
        else:
            asked = self._ask_manager(to, klass, name)
            for base in self.classes[klass].outside if not asked else ():
                if self.effects.fields.get(f"{base}.{name}") == "itself":
                    self.add(to, obj)  # whoever calls it has an instance
                elif base != "?" and not _lacks(base, name):
                    self.add(to, self.objects.external(f"{base}.{name}"))
            for meta in self.classes[klass].metas:
                given = self.find(meta, name)
                if given:
                    self.wait(given, (OF_META, to, obj, *site))
            if name in TOLD:
                self._tell(to, klass, name)
            if name == "__new__":
                self.add(to, self.objects.external("builtins.object.__new__"))
            self._of_all(to, name)

    def _ask_manager(self, to: int, klass: int, name: str) -> bool:
        """Whether a class gives by a name what one asks for its instances."""
        return False

    def _is_meta_of(self, meta: int, klass: int) -> bool:
        """Whether a class is what another is an instance of, or above that."""
        return any(meta in self.above[one] for one in self.classes[klass].metas)

    def _is_property(self, klass: int, name: str) -> bool:
        """Whether a name of a class is a property by its decorator."""
        if self.properties is None:
            self.properties = {
                (self.first_class[module] + facts.owner, facts.qualname.rpartition(".")[2])
                for module, facts in self.functions
                if facts.owner >= 0 and "property" in facts.flags
            }
        owner = next((one for one in self.classes[klass].mro if name in self.classes[one].names), 0)
        return (owner, name) in self.properties

    def _load_super(
        self, to: int, key: tuple[Any, ...], name: str, site: tuple[int, int, int]
    ) -> None:
        _, klass, receiver = key
        kind, own = self.objects.of[receiver]
        for variable in (
            self.distinct(own, name, klass) if kind == FAMILY else [self.find(own, name, klass)]
        ):
            if variable:
                self.wait(variable, (BIND, to, receiver, *site))
                continue
            if self.makes_classes:
                for one in dict.fromkeys((klass, own)):
                    self.wait(self._after(one), (NEXT, to, name, *site))
            outside = self.classes[klass].outside or ["builtins.object"]
            if name == "__call__" and kind == CLASS and self._is_meta_of(klass, own):
                self.add(to, self.objects.number(METHOD, receiver, name))
                continue
            if name == "__getitem__" and self._held_as(own):  # a dict asks for what it lacks
                for missing in filter(None, self.distinct(own, "__missing__")):
                    self.wait(missing, (BIND, to, receiver, *site))
            if name in PAST:
                self.add(self._set_on(to), receiver)
            if name == "__init__" and PROPERTY_CLASS in outside:
                for slot, variable in zip(SLOTS, self._slots(to), strict=True):
                    self.flow(variable, self.into(receiver, slot))
            self._outside(to, outside, name)

    def _set_on(self, callee: int) -> int:
        """What `super().__setattr__` and its like are called on, by the variable of the callee."""
        found = self.set_on.get(callee)
        if found is None:
            found = self.set_on[callee] = self.new()
        return found

    def _slots(self, callee: int) -> list[int]:
        """What a call of `super().__init__` gives a property, by the variable of what is called."""
        found = self.slots.get(callee)
        if found is None:
            found = self.slots[callee] = [self.new() for _ in SLOTS]
        return found

    def _operate_class(self, to: int, klass: int, obj: int, name: str) -> None:
        """`Box[int]` is the class, or one of its instances where it is an enumeration, which also
        is what going over it gives."""
        if not to or name not in ("__getitem__", "__iter__"):
            return
        is_enum = not ENUMS.isdisjoint(self.classes[klass].outside)
        if name == "__getitem__":
            self.add(to, self.objects.number(INSTANCE, klass) if is_enum else obj)
        elif is_enum:
            made = self.objects.number(CONTAINER, ("members", klass), "list")
            self.add(self._field((made, ALL)), self.objects.number(INSTANCE, klass))
            self.add(to, made)

    def is_named_tuple(self, klass: int) -> bool:
        """Whether a class is derived from a tuple whose elements have names."""
        found = self.named.get(klass)
        if found is None:
            outside = self.classes[klass].outside
            found = any(base in NAMED_TUPLES or f"{base}()" in NAMED_TUPLES for base in outside)
            self.named[klass] = found
        return found

    def _super(self, to: int, klass: int, obj: int) -> None:
        if self.objects.kinds[obj] in (INSTANCE, FAMILY, CLASS):
            self.add(to, self.objects.number(SUPER, klass, obj))

    def _instance_of(self, to: int, obj: int) -> None:
        """An instance of what an annotation or an except clause names, or of a class below it."""
        key = self.objects.of[obj]
        if key[0] == CLASS:
            few = len(self.classes[key[1]].below) <= MOST_BELOW
            self.add(to, self.family(key[1]) if few else self.objects.number(INSTANCE, key[1]))
        elif key[0] == EXTERNAL:
            name = key[1]
            kind = ABSTRACT.get(name.removesuffix("[]"))
            if kind is None and name.startswith("builtins."):
                kind = name.removeprefix("builtins.").removesuffix("[]")
            if kind in ("dict", "list", "set", "tuple"):
                self.add(to, self.objects.number(CONTAINER, to, kind))
            elif not (name.startswith("typing.") or name in UNSAID or is_value(name)):
                said = f"{name}()"
                is_text = said == TEXT  # which does not say that one is made here
                self.add(to, self.objects.written if is_text else self.objects.external(said))

    def _held_as(self, klass: int) -> str:
        """The container outside of the project that a class is derived from, or nothing."""
        held = self.holding.get(klass)
        if held is None:
            held = ""
            for base in self.classes[klass].outside:
                if base in CONTAINERS or base in USER_CONTAINERS:
                    held = USER_CONTAINERS.get(base, base.removeprefix("builtins."))
                    break
            self.holding[klass] = held
        return held


def is_value(name: str) -> bool:
    """Whether a name outside of the project stands for a value of a builtin type: it cannot be
    called."""
    return name in VALUES


@cache
def _lacks_method(kind: str, name: str) -> bool:
    """Whether a container, by its type, cannot have a method; those of Python 2 count."""
    known = OF_TYPES.get(kind)
    return known is not None and not hasattr(known, name) and name not in OLD_METHODS


def _lacks(base: str, name: str, *, is_own: bool = False) -> bool:
    """Whether a class of Python's own, as it is named, is known not to have an attribute. Of names
    with an underscore it is known of those that the project gives its objects (`is_own`)."""
    kind = getattr(builtins, base.removeprefix("builtins."), None)
    if base.startswith("builtins."):
        return isinstance(kind, type) and not hasattr(kind, name)
    known = stubs().has.get(base)
    is_hidden = name.startswith("__" if is_own else "_")
    return known is not None and name not in known and not is_hidden
