"""Plugins: what a project declares as entry points, where its code loads what is declared so."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from parity.scan.attributes import EXTENSION
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import CALL, LOAD
from parity.scan.objects import ALL, CONTAINER
from parity.scan.querying import Querying

ENTRY: Final = "importlib.metadata.EntryPoint"
ENTRIES: Final = "importlib.metadata.EntryPoints"
PLUGINS: Final = frozenset({ENTRY, ENTRIES, EXTENSION})
"""Kinds of containers: an entry point, all of a group, and what stevedore has loaded of one."""
LISTING: Final = frozenset(
    "backports.entry_points_selectable.entry_points importlib.metadata.entry_points"
    " importlib_metadata.entry_points pkg_resources.iter_entry_points".split()
)
MANAGERS: Final = "stevedore."
LOADED: Final = "pkg_resources.load_entry_point"
GROUP: Final = ("group", "namespace")
INVOKED: Final = "invoke_on_load"
LOADING: Final = frozenset({"load", "resolve", "require"})
NARROWING: Final = frozenset({"select", "get"})
Groups = tuple[str, ...]
"""Groups of entry points, by their names."""


class Loading(Querying):
    """Entry points, groups of them, and what loading one gives."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.places_of: dict[str, int] = {}
        """By text: the variable of what it names, or 0."""
        self.plugins: dict[Groups, int] = {}
        """By groups of entry points: the variable of all that they name."""
        self.late: dict[int, tuple[str, list[int]]] = {}
        """Calls that are given a group that is not written there: what they call, and with what."""

    def _loads_plugins(self, number: int, name: str) -> bool:
        """Whether a call of the outside gives entry points, or what they load, of this project."""
        is_manager = name.startswith(MANAGERS) and name.endswith("Manager")
        if not self.effects.entry_points or not (is_manager or name in LISTING or name == LOADED):
            return False
        given = self._group_given(number, at=1 if name == LOADED else 0)
        groups = self._groups_in(given)
        if given and not groups:
            self.late[number] = (name, given)
        else:
            self._load_plugins(number, name, groups or self._all())
        return True

    def _load_plugins(self, number: int, name: str, groups: Groups) -> None:
        """What such a call gives of these groups."""
        to = self.calls[number][0]
        if name == LOADED:
            self.flow(self._plugins_of(groups), to)
        elif name in LISTING:
            self.add(to, self._entries(groups))
        else:
            self.add(to, self._manager(number, groups))

    def _all(self) -> Groups:
        return tuple(sorted(self.effects.entry_points))

    def _group_given(self, number: int, at: int) -> list[int]:
        """The variable of the group that a call is given, if any."""
        call = self.calls[number]
        named = [one for word, one in call[3] if word in GROUP]
        return [one for one in named or call[2][at : at + 1] if one]

    def _groups_in(self, variables: Iterable[int]) -> Groups:
        """The groups of this project that are written in variables."""
        found = {text for one in variables for text in self.texts.get(one, ())}
        found |= {self.dotted[one] for one in variables if one in self.dotted}
        return tuple(sorted(found & self.effects.entry_points.keys()))

    def _plugins_of(self, groups: Groups) -> int:
        """The variable of all that the entry points of some groups name."""
        found = self.plugins.get(groups)
        if found is None:
            found = self.plugins[groups] = self.new()
            named = (one for group in groups for one in self.effects.entry_points[group])
            for target in dict.fromkeys(named):
                self.flow(self._place(target), found)
        return found

    def _entries(self, groups: Groups) -> int:
        made = self.objects.number(CONTAINER, ("entry points", groups), ENTRIES)
        element = self.new()
        self.add(element, self.objects.number(CONTAINER, ("entry point", groups), ENTRY))
        self._put(made, None, element)
        for one in groups if len(groups) > 1 else ():
            entries = self.new()
            self.add(entries, self._entries((one,)))
            self._put(made, one, entries)
        return made

    def _manager(self, number: int, groups: Groups) -> int:
        """What stevedore loads, where its manager is made; and calls, where it is told to."""
        made = self.objects.number(CONTAINER, ("extensions", number), EXTENSION)
        known = self._plugins_of(groups)
        for name in ("plugin", "driver"):
            self.flow(known, self._field((made, name)))
        if any(word == INVOKED for word, _ in self.calls[number][3]):
            given = self.new()
            site = self._site_of(number)
            inner = self._site_call(("invoked", number), given, [], site, self.calls[number][9])
            words = dict(self.calls[number][3])
            self.calls[inner][4] = words.get("invoke_args", 0)
            self.calls[inner][5] = words.get("invoke_kwds", 0)
            self.wait(known, (CALL, inner, f"handed to {self.calls[number][9]}"))
            for name in ("obj", "driver"):
                self.flow(given, self._field((made, name)))
        element = self.new()
        self.add(element, made)
        self._put(made, None, element)
        return made

    def _ask_plugin(self, number: int, obj: int, name: str) -> None:
        """A method of entry points, or of what stevedore has loaded."""
        of: tuple[Any, ...] = self.objects.of[obj]
        call = self.calls[number]
        self._outward(number, f"{of[2]}().{name}")
        if of[2] == ENTRY:
            if name in LOADING:
                self.flow(self._plugins_of(of[1][1]), call[0])
            return
        if of[2] == ENTRIES and name in NARROWING:
            given = self._groups_in(self._group_given(number, 0))
            self.add(call[0], self._entries(given or of[1][1]))
        elif name in ("items", "popitem"):
            self._pairs(call[0], number, self._field((obj, ALL)))
        elif name == "map" and call[2] and call[2][0]:
            element = self.new()
            self._item(element, obj, None)
            inner = self._site_call(
                ("mapped", number), self.new(), [element, *call[2][1:]], self._site_of(number), name
            )
            self.wait(call[2][0], (CALL, inner, "handed to map"))
        else:
            self.add(call[0], obj)

    # ------------------------------------------------------------ things that texts name

    def _place(self, text: str) -> int:
        """The variable of the thing of the project that a text names; 0 where it names none."""
        found = self.places_of.get(text)
        if found is None:
            found = self.places_of[text] = self._look_up(text)
        return found

    def _look_up(self, text: str) -> int:
        head, colon, rest = text.partition(":")
        names = head.split(".")
        for at in range(len(names), 0, -1):
            module = self.module_name(".".join(names[:at]))
            if module not in self.numbers:
                continue
            path = [*names[at:], *(rest.split(".") if colon else ())]
            if not path or not self._providers(module, path[0]):
                return 0
            to = self.new()
            self._member(to, module, path[0])
            for name in path[1:]:
                base, to = to, self.new()
                self.wait(base, (LOAD, to, name, 0, 1, self.numbers[module]))
            return to
        return 0
