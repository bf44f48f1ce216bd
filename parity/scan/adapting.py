"""What stands behind an interface: who says that it is one, what is registered for it, and what
is asked for by it (zope.interface, zope.component, twisted.python.components)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.declaring import Declaring
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import BY_INTERFACE, CALL, INSTANTIATE, OBJECTS, Use
from parity.scan.objects import CLASS, CONTAINER, INSTANCE

INTERFACES: Final = frozenset({"zope.interface.Interface", "zope.interface.interface.Interface"})
THINGS, FACTORIES, CLASSES, ASKED = "things", "factories", "classes", "asked"
PROVIDED: Final = ("provided", "provides", "interface", "iface")
"""Words by which the functions below are given an interface."""
OBJECTS_OF: Final = ("object", "objects")
"""Words by which they are given what is to have it."""
REGISTERING: Final[Mapping[str, tuple[int, int, str]]] = {
    "registerUtility": (1, 0, THINGS), "provideUtility": (1, 0, THINGS),
    "setComponent": (0, 1, THINGS), "registerAdapter": (2, 0, FACTORIES),
    "registerSubscriptionAdapter": (2, 0, FACTORIES), "provideAdapter": (2, 0, FACTORIES),
    "provideSubscriptionAdapter": (2, 0, FACTORIES),
}  # fmt: skip
"""Where these are given the interface, and what is registered; what that is."""
ASKING: Final[Mapping[str, tuple[int, str]]] = {
    "getUtility": (0, "itself"), "queryUtility": (0, "itself"),
    "getUtilitiesFor": (0, "listed"), "getAllUtilitiesRegisteredFor": (0, "listed"),
    "getComponent": (0, "itself"), "queryComponent": (0, "itself"),
    "getAdapter": (1, "made"), "queryAdapter": (1, "made"), "adapt": (1, "made"),
    "getMultiAdapter": (1, "made of them"), "queryMultiAdapter": (1, "made of them"),
    "subscribers": (1, "listed"), "getAdapters": (1, "listed"),
}  # fmt: skip
"""Where these are given the interface that they are asked by, and what they give."""
SAYING: Final = "implementer"


class Adapting(Declaring):
    """Interfaces, as what is given for them and asked for by them meets."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.behind: dict[tuple[int, str], int] = {}
        """By interface: the variables of what is registered for it, and of who implements it."""
        self.saying: dict[int, list[int]] = {}
        """By variable of what `implementer(…)` gives: the interfaces."""
        self.asked_by: list[tuple[int, int]] = []
        """Interfaces that something is asked by, and the variables that it comes into."""
        self.hooks = self.new()
        """The functions that every interface asks for what stands for an object."""

    def _is_interface(self, klass: int) -> bool:
        """Whether a class only says what others have: it has no instances."""
        return not INTERFACES.isdisjoint(self.classes[klass].outside)

    def _install_by_interface(self, number: int) -> None:
        """A call by whose name something is registered or asked for, whoever has that name: it
        counts where it is given an interface."""
        call = self.calls[number]
        word = call[9].rpartition(".")[2]
        if word == SAYING and call[0]:
            self.saying[call[0]] = call[2]
        elif call[1] in self.saying and call[2]:
            for one in self.saying[call[1]]:
                self._wait_for_interface(one, CLASSES, number, call[2][0])
        elif word in REGISTERING:
            at, of, kind = REGISTERING[word]
            given = _argument(call, of, ("component", "factory"))
            places = call[2][at:] if kind == FACTORIES and at > of else call[2][at : at + 1]
            for one in [*places, *(arg for name, arg in call[3] if name in PROVIDED)]:
                self._wait_for_interface(one, kind, number, given)
        elif word in ASKING:
            asked = _argument(call, ASKING[word][0], PROVIDED)
            self._wait_for_interface(asked, ASKED, number, 0)

    def _wait_for_interface(self, variable: int, kind: str, number: int, given: int) -> None:
        if variable and (given or kind == ASKED):
            self.wait(variable, (BY_INTERFACE, kind, number, given))

    def _behind(self, interface: int, kind: str) -> int:
        key = (interface, kind)
        found = self.behind.get(key)
        if found is None:
            found = self.behind[key] = self.new()
        return found

    def _by_interface(self, use: Use, obj: int) -> None:
        """An interface came to where something is registered, or asked for."""
        _, kind, number, given = use
        klass = self.objects.of[obj][1]
        if not self._is_interface(klass):
            return
        if kind != ASKED:  # what has an interface has those above it
            for one in self.classes[klass].mro:
                if self._is_interface(one):
                    self.flow(given, self._behind(one, kind))
            return
        call = self.calls[number]
        word, to = call[9].rpartition(".")[2], call[0]
        how = ASKING[word][1]
        for name, arg in call[3]:
            if name == "default":
                self.flow(arg, to)
        if how == "listed":
            element = self._listed(number)
            self.flow(self._behind(klass, THINGS), element)
            if ASKING[word][0]:
                self._ask_factories(number, klass, element, [], _argument(call, 0, OBJECTS_OF))
        elif how == "itself":
            self.flow(self._behind(klass, THINGS), to)
            self._ask_factories(number, klass, to, [call[10]], 0)
            self.asked_by.append((klass, to))
        else:
            given = _argument(call, 0, OBJECTS_OF)
            args, star = ([given], 0) if how == "made" else ([], given)
            self._ask_factories(number, klass, to, args, star)
            self.asked_by.append((klass, to))

    def _listed(self, number: int) -> int:
        """The variable of what is in a list of what stands behind an interface; where these are
        pairs of a name and a thing, of the second."""
        element = self.new()
        whole = self.objects.number(CONTAINER, -number - 1, "list")
        pair = self.objects.number(CONTAINER, ("named", number), "tuple")
        self._put(pair, "1", element)
        if self.calls[number][9].endswith(("UtilitiesFor", "getAdapters")):
            pairs = self.new()
            self.add(pairs, pair)
            self._put(whole, None, pairs)
        else:
            self._put(whole, None, element)
        self.add(self.calls[number][0], whole)
        return element

    def _ask_factories(
        self, number: int, klass: int, to: int, args: Sequence[int], star: int
    ) -> None:
        """What is registered to make something that has an interface is called with what is to
        have it; so are the hooks of all interfaces, with the interface before it."""
        site = self._site_of(number)
        name = f"{self.classes[klass].qualname}"
        for variable, given in (
            (self._behind(klass, FACTORIES), list(args)),
            (self.hooks, [self._itself(klass), *args]),
        ):
            key = ("adapts", number, klass, variable)
            inner = self._site_call(key, to, given, site, name)
            self.calls[inner][4] = star
            self.wait(variable, (CALL, inner, f"handed to {name}"))

    def _itself(self, klass: int) -> int:
        """A variable that holds a class."""
        found = self._behind(klass, "itself")
        self.add(found, self.objects.number(CLASS, klass))
        return found

    def _adapt(self, number: int, klass: int) -> None:
        """`IThing(x)` is x, or what is registered to stand for it."""
        call = self.calls[number]
        for one in call[2]:
            self.flow(one, call[0])
        self.flow(self._behind(klass, THINGS), call[0])
        self.asked_by.append((klass, call[0]))
        self._ask_factories(number, klass, call[0], call[2][:1], 0)

    def _instance_of(self, to: int, obj: int) -> None:
        """An interface has the instances of those that implement it."""
        key = self.objects.of[obj]
        if key[0] == CLASS and self._is_interface(key[1]):
            self.wait(self._behind(key[1], CLASSES), (INSTANTIATE, to))
        else:
            super()._instance_of(to, obj)

    def _call_zope_interface_interface_adapter_hooks_append(
        self, _: int, call: Sequence[Any]
    ) -> None:
        for one in call[2]:
            self.flow(one, self.hooks)

    def _guess_by_interface(self) -> bool:
        """What is asked for by an interface may be of any class that implements it, where none of
        these is known to come."""
        guessed = False
        for interface, to in self.asked_by:
            classes = self._behind(interface, CLASSES)
            able = {self.objects.of[one][1] for one in self.holds.get(classes, ())}
            held = (self.objects.of[one] for one in self.holds.get(to, ()))
            is_known = any(
                kind in OBJECTS and not able.isdisjoint(self._kinds_of(kind, klass))
                for kind, klass, *_ in held
            )
            if to and able and not is_known:
                self.wait(classes, (INSTANTIATE, to))
                guessed = True
        return guessed

    def _kinds_of(self, kind: int, klass: int) -> frozenset[int]:
        """The classes that an instance, or one of a family, may be of, and those above them."""
        below = () if kind == INSTANCE else self.members(klass)
        return self.above[klass].union(below)


def _argument(call: Sequence[Any], at: int, words: Sequence[str]) -> int:
    """The variable that a call gives at a place, or by one of some words; 0 where it gives none."""
    if at < len(call[2]):
        return int(call[2][at])
    return next((int(arg) for word, arg in call[3] if word in words), 0)
