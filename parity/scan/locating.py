"""Things of the project that texts name with their module, where such a text is imported by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from parity.scan.naming import Naming
from parity.scan.objects import EXTERNAL, FUNCTION
from parity.scan.outside import IMPORTING, LOCATING

MOST_SEEN: Final = 2000
"""Variables that are looked at for the texts that come into one."""


class Locating(Naming):
    """Follows texts like `pack.module:Class` and `pack.module.Class` to where they are imported."""

    def _locate(self) -> None:
        """Lets imports of what a text names give that; works them off."""
        if self.late:
            sources = self._sources()
            for number, (name, given) in self.late.items():
                groups = self._groups_in(self._ways_into(given, sources))
                self._load_plugins(number, name, groups or self._all())
            self._work()
        named = [text for text in dict.fromkeys(self.dotted.values()) if self._place(text)]
        modules = [text for text in dict.fromkeys(self.dotted.values()) if self._is_module(text)]
        if not named and not modules:
            return
        importing: dict[int, list[int]] = {}
        locating: list[int] = []
        for number in sorted(self.by_text):
            names = {name for kind, name in self.targets[number] if kind == EXTERNAL}
            if not names.isdisjoint(IMPORTING):
                importing.setdefault(self.calls[number][7], []).append(number)
            if not names.isdisjoint(LOCATING):
                locating.append(number)
        if not importing and not locating:
            return
        sources = self._sources()
        for numbers in importing.values():
            for number in numbers:
                for text in self._dotted_into(self.calls[number][2][:1], sources):
                    if self._is_module(text):
                        self._import(self.calls[number][0], self.module_name(text), None)
        asking = {self.calls[one][7] for one in self.by_names.keys() - self.storing}
        keys = {(FUNCTION, one) for one in asking & importing.keys()}
        calls = [one for one, found in self.targets.items() if not keys.isdisjoint(found)]
        self._give_named([*calls, *locating], sources)
        self._work()

    def _give_named(self, numbers: Iterable[int], sources: Mapping[int, Sequence[int]]) -> None:
        """Lets each call give what the texts name that it is given itself."""
        for number in numbers:
            call = self.calls[number]
            given = [*call[2], *(one for _, one in call[3])]
            for text in self._dotted_into(given, sources):
                self.flow(self._place(text), call[0])

    def _dotted_into(
        self, variables: Iterable[int], sources: Mapping[int, Sequence[int]]
    ) -> list[str]:
        """The texts with dots in them that come into variables, as far as they are written."""
        ways = self._ways_into(variables, sources)
        return sorted({self.dotted[one] for one in ways if one in self.dotted})

    def _ways_into(
        self, variables: Iterable[int], sources: Mapping[int, Sequence[int]]
    ) -> set[int]:
        """Variables, and those from which texts come into them."""
        pending = [one for one in variables if one]
        seen = set(pending)
        while pending and len(seen) < MOST_SEEN:
            above = [one for one in sources.get(pending.pop(), ()) if one not in seen]
            seen.update(above)
            pending += above
        return seen

    def _is_module(self, text: str) -> bool:
        return self.module_name(text) in self.numbers
