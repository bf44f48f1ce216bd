"""Coroutines and generators: functions that run where they are asked to go on, not where they are
called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.deleting import Deleting
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import AWAIT, CALL, OBJECTS, OPERATE, Use
from parity.scan.objects import ALL, CONTAINER, EXTERNAL, FUNCTION, UNNAMED

GOING_ON: Final = frozenset("send throw close __next__ asend athrow aclose __anext__".split())
"""Methods of coroutines and generators that run what they were made by."""
AWAITED: Final = OBJECTS | {EXTERNAL}
ITERATING: Final = frozenset({"__iter__", "__next__"})
LAZY: Final = frozenset({"map", "filter"})


class Deferred(Deleting):
    """What calls of such functions give: an object that knows what it runs."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.deferred: dict[int, int] = {}
        """Functions that run later, by the variable of what they yield."""

    def _give(self, to: int, function: int) -> None:
        """What a call of a function gives."""
        if not to:
            return
        module, facts = self.functions[function]
        own = self.own[module]
        kind = "generator" if "generator" in facts.flags else "coroutine"
        if kind == "generator" or "async" in facts.flags:
            yields = own[facts.yields]
            made = self.objects.number(CONTAINER, yields, kind)
            if yields not in self.deferred:
                self.deferred[yields] = function
                for field in (ALL, UNNAMED):
                    self.flow(yields, self._field((made, field)))
            self.add(to, made)
        self.flow(own[facts.ret], to)

    def _runs(self, made: int, site: Sequence[int], text: str, how: str = "operator") -> bool:
        """Whether an object is a coroutine or a generator; it runs at this place then."""
        key = self.objects.of[made]
        function = self.deferred.get(key[1]) if key[0] == CONTAINER else None
        if function is None:
            if key[0] == CONTAINER and key[2] in LAZY:
                self._goes_over(key[1], site, text)
            return False
        number = self._site_call(("runs", key[1], *site), 0, [], site, text)
        self.targets.setdefault(number, {}).setdefault((FUNCTION, function), how)
        return True

    def _goes_over(self, made_by: Any, site: Sequence[int], text: str) -> None:
        """What `map` and `filter` were handed is called where one goes over what they gave."""
        call = self.calls[-made_by - 1] if isinstance(made_by, int) and made_by < 0 else None
        if call and call[2] and call[2][0] and call[7] != site[0]:
            number = self._site_call(("runs", made_by, *site), 0, [], site, text)
            self.wait(call[2][0], (CALL, number, "operator"))

    def _await(self, use: Use, obj: int) -> None:
        """`await x` and `yield from x`: x runs here, gives what it returns, and what it yields
        comes out of the function that waits for it. `method` gives what runs of an object."""
        _, to, yields, method, *site = use
        key = self.objects.of[obj]
        if self._runs(obj, site, "await"):
            self.flow(key[1], yields)
            module, facts = self.functions[self.deferred[key[1]]]
            self.flow(self.var(module, facts.ret), to)
            return
        if to and not (method and key[0] in OBJECTS and self._says(key[1], method)):
            self.add(to, obj)
        if method and key[0] in AWAITED:
            row = (method, to, yields, *site)
            iterator = self.receivers.get(row)
            if iterator is None:
                iterator = self.receivers[row] = self.new()
                self.wait(iterator, (AWAIT, to, yields, "", *site))
            self.uses[OPERATE]((OPERATE, iterator, method, [], *site), obj)

    def _says(self, klass: int, method: str) -> bool:
        """Whether a class has a method of its own that gives what runs."""
        return any(self.find(one, method) for one in self.members(klass))
