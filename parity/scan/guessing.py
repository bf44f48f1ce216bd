"""What only names tell: objects of which nothing is known, by what is asked of them."""

from __future__ import annotations

import io
import socket
import threading
from collections.abc import Collection, Iterator
from typing import Any, Final

from parity.scan.attributes import ANY_NAME, MOST_BELOW
from parity.scan.locating import Locating
from parity.scan.moving import BIND_CALL, OBJECTS
from parity.scan.objects import (
    ALL,
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
)

MOST_BY_NAME: Final = 4
FEWEST_NAMES: Final = 2
MOST_STEPS: Final = 200
BY_NAME: Final = "by name"
BY_SHAPE: Final = "by shape"
COMMON: Final = frozenset(
    name
    for kind in (str, bytes, list, dict, set, int, float, tuple, BaseException, bytearray)
    for name in dir(kind)
    if not name.startswith("__")
)
"""Method names that values of builtin types have."""
WIDESPREAD: Final = COMMON.union(
    *map(dir, (io.TextIOWrapper, io.BufferedRandom, socket.socket, threading.Thread)),
    ("acquire", "release", "notify", "notify_all", "put", "qsize", "task_done", "name", "run"),
    ("debug", "info", "warning", "error", "critical", "exception", "log", "execute", "commit"),
)
"""Names that objects of the outside have too: files, connections, threads, locks, logs, stores."""


class Guessing(Locating):
    """Guesses where nothing else says what an object is; reports call them what they are."""

    def _guess_decorators(self) -> bool:
        """A decorator of which nothing is known most likely gives what it is given, or calls it."""
        guessed = False
        for number, call in enumerate(self.calls):
            if call[9].startswith("@") and call[2] and not self.targets.get(number):
                self.flow(call[2][0], call[0])
                guessed = True
        return guessed

    def _guess_by_computed_stores(self) -> bool:
        """An attribute of which nothing is known may be what is stored under a computed name."""
        guessed = False
        for module in self.modules:
            for _, to, *_, base in module.summary.loads:
                if to in self.holds or not base:
                    continue
                for obj in self.holds.get(base, ()):
                    if self.objects.kinds[obj] in OBJECTS and self.is_stored(obj, ANY_NAME):
                        self.flow(self.out_of(obj, ANY_NAME), to)
                        guessed = True
        return guessed

    def _guess_by_tests(self) -> bool:
        """What is asked whether it is an instance of a class may be one, where no object of the
        project is known that it may be; what is asked whether it is a class below one likewise."""
        guessed = False
        for at, module in enumerate(self.modules):
            for row in module.summary.tested:
                variable, classes = self.var(at, row[0]), self.var(at, row[1])
                kinds = {self.objects.kinds[one] for one in self.holds.get(variable, ())}
                is_class = bool(row[2])
                if kinds & ({CLASS} if is_class else OBJECTS):
                    continue
                for klass in self._classes_of(classes):
                    for one in self._tested(klass, is_class=is_class):
                        self.add(variable, one)
                        guessed = True
        return guessed

    def _tested(self, klass: int, *, is_class: bool) -> list[int]:
        """What is an instance of a class, or the classes below it unless they are many."""
        if not is_class:
            return [self.family(klass)]
        members = self.members(klass)
        few = members if len(members) <= MOST_BELOW else [klass]
        return [self.objects.number(CLASS, one) for one in few]

    def _classes_of(self, variable: int) -> list[int]:
        """The classes of the project that a variable holds, or tuples in it."""
        found: dict[int, None] = {}
        seen, pending = {variable}, [variable]
        while pending:
            for one in sorted(self.holds.get(pending.pop(), ())):
                key = self.objects.of[one]
                if key[0] == CLASS:
                    found[key[1]] = None
                elif key[0] == CONTAINER and key[2] == "tuple":
                    inner = self.fields.get((one, ALL), 0)
                    if inner not in seen:
                        seen.add(inner)
                        pending.append(inner)
        return list(found)

    def _guess_by_shape(self) -> bool:
        """A variable of which nothing is known holds what has all the names that are asked of it,
        where few classes do, and one of the names is their own."""
        definers: dict[str, set[int]] | None = None
        guessed = False
        for variable, names in sorted(self._asked().items()):
            if len(names) < FEWEST_NAMES or names <= WIDESPREAD:
                continue
            if any(self.effects.methods.get(name, "pure") != "pure" for name in names):
                continue
            definers = self._definers() if definers is None else definers
            found = set.intersection(*(definers.get(name, set()) for name in names))
            tops = [one for one in sorted(found) if self.above[one] & found == {one}]
            if 0 < len(tops) <= MOST_BY_NAME:
                guessed = True
                for one in tops:
                    self.add(variable, self.family(one))
        return guessed

    def _asked(self) -> dict[int, set[str]]:
        """The names that are asked of what a variable holds, wherever that goes; of variables
        of which nothing is known, and that are given nothing by another."""
        sources: dict[int, list[int]] = {}
        for source in self.flows:
            if source not in self.holds:
                for one in self.copies_of(source):
                    sources.setdefault(one, []).append(source)
        asked: dict[int, set[str]] = {}
        for module in self.modules:
            for _, _, name, *_, base in module.summary.loads:
                if base and base not in self.holds and not name.startswith("__"):
                    asked.setdefault(base, set()).add(name)
        found: dict[int, set[str]] = {}
        for variable, names in asked.items():
            for origin in _origins(variable, sources):
                found.setdefault(origin, set()).update(names)
        return found

    def _definers(self) -> dict[str, set[int]]:
        """The classes that have each name: as their own, from above, or stored in an object."""
        found: dict[str, set[int]] = {}
        for index, klass in enumerate(self.classes):
            for one in klass.mro if not self._is_interface(index) else ():
                for name in self.classes[one].names:
                    found.setdefault(name, set()).add(index)
        for (kind, index), names in self.stored.items():
            for name in names:
                of = self.members(index) if kind == FAMILY else [index]
                found.setdefault(name, set()).update(of)
        return found

    def _guess_properties(self) -> bool:
        """An attribute of an object of which nothing is known is asked of the few properties by
        that name, where nothing else in the project has it."""
        getters: dict[str, list[int]] = {}
        for at, (_, facts) in enumerate(self.functions):
            if facts.owner >= 0 and "property" in facts.flags:
                getters.setdefault(facts.qualname.rpartition(".")[2], []).append(at)
        for name, found in tuple(getters.items()):
            if len(found) > MOST_BY_NAME or name in WIDESPREAD:
                del getters[name]
        guessed = False
        for module in self.modules if getters else ():
            for _, to, name, *site, base in module.summary.loads:
                if base and to not in self.holds and name in getters:
                    self.guessed.add(to)  # it may be another's all the same
                    for at in getters[name]:
                        number = self._site_call(("property", to, *site), to, [], site, name)
                        owner = self.objects.number(INSTANCE, self._owner(at))
                        use = (BIND_CALL, number, owner, BY_NAME)
                        self.uses[BIND_CALL](use, self.objects.number(FUNCTION, at))
                        guessed = True
        return guessed

    def _owner(self, function: int) -> int:
        """The class that a method is defined in."""
        module, facts = self.functions[function]
        return self.first_class[module] + facts.owner

    def _guess_by_protocol(self) -> bool:
        """Parameters that a published protocol names are what it says, where nobody in the project
        gives them."""
        guessed = False
        protocols = [
            (words.split(), kinds.split()) for words, kinds in self.effects.protocols.items()
        ]
        for module, facts in self.functions:
            names = [one[0] for one in facts.params]
            for words, kinds in protocols:
                if names[-len(words) :] != words:
                    continue
                for (_, variable, _), kind in zip(facts.params[-len(words) :], kinds, strict=True):
                    at = self.var(module, variable)
                    is_dict = kind == "builtins.dict()"  # of whatever
                    if not self._may_be(at, is_dict=is_dict):
                        made = self.objects.number(CONTAINER, at, "dict")
                        self.add(at, made if is_dict else self.objects.external(kind))
                        guessed = True
        return guessed

    def _may_be(self, variable: int, *, is_dict: bool) -> bool:
        """Whether what a variable is known to hold may be the dict, or the function, of a protocol:
        no mere value is."""
        objects = self.objects
        others = (FUNCTION, BOUND, CLASS) if is_dict else ()
        return any(
            objects.kinds[one] not in others and one not in objects.values
            for one in self.holds.get(variable, ())
        )

    def _guess_by_defaults(self) -> bool:
        """What `getattr` gives of an object of which nothing is known is not only the default."""
        guessed = False
        for call in self.calls:
            is_open = call[9] == "getattr" and len(call[2]) > 2 and call[2][0] not in self.holds
            if is_open and isinstance(call[12], str):
                self._external(call[0], f"?.{call[12]}")
                guessed = True
        return guessed

    def _guess_by_name(self) -> bool:
        """Calls of methods on unknown objects go to the few that have that name, if any; so do
        those on what is only known as asked of something outside."""
        named: dict[str, list[int]] = {}
        for at, (_, facts) in enumerate(self.functions):
            if facts.owner >= 0 and not self._is_interface(self._owner(at)):
                named.setdefault(facts.qualname.rpartition(".")[2], []).append(at)
        guessed = False
        for number in range(len(self.calls)):
            name = self.calls[number][11]
            if not name or not self.calls[number][10]:
                continue
            targets = self.targets.get(number)
            if targets and (name in WIDESPREAD or not _are_far(targets)):
                continue
            if name == "sort":
                self._hand_over(number, "builtins.list().sort")
            found = named.get(name, ())
            if not found or len(found) > MOST_BY_NAME or name in COMMON:
                continue
            kind = self.effects.methods.get(name, "pure")
            if kind not in ("pure", "log") or name.startswith("__"):
                continue
            if kind == "log":  # a logger of the project's own, or one of Python's: both log
                self._outward(number, f"logging.Logger().{name}")
            for at in found:
                if at == self.calls[number][7]:
                    continue  # it hands on to another what it is asked, and not to itself
                owner = self.objects.number(INSTANCE, self._owner(at))
                use = (BIND_CALL, number, owner, BY_NAME)
                self.uses[BIND_CALL](use, self.objects.number(FUNCTION, at))
                guessed = True
        return guessed


def _are_far(targets: Collection[tuple[int, Any]]) -> bool:
    """Whether all that is called is outside, and of some nothing but the way there is known: it is
    asked of what is itself only asked of something outside (`click.Context().find().load`), or of a
    builtin value, which has no such method."""
    names = [name for kind, name in targets if kind == EXTERNAL]
    return all(kind == EXTERNAL for kind, _ in targets) and any(
        "()." in name.rpartition(".")[0] or name.startswith(("builtins.", "?")) for name in names
    )


def _origins(variable: int, sources: dict[int, list[int]]) -> Iterator[int]:
    """The first variables from which values come to one."""
    seen = {variable}
    pending = [variable]
    while pending and len(seen) < MOST_STEPS:
        one = pending.pop()
        above = [source for source in sources.get(one, ()) if source not in seen]
        if one not in sources:
            yield one
        seen.update(above)
        pending += above
