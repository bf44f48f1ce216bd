"""What a store is asked for by a class: `session.query(Part)`, `select(Part)`, `Part.objects`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from parity.scan.adapting import Adapting
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import ASKED_FOR, INSTANTIATE, MERGE, Use
from parity.scan.objects import CLASS, CONTAINER, EXTERNAL

QUERY: Final = "sqlalchemy.orm.Query"
STORE: Final = "sqlalchemy.orm.Session().query"
SELECT: Final = "sqlalchemy.select"
"""Kinds of containers: what gives instances where one asks it, and what only says which."""
SELECTS: Final = frozenset({"sqlalchemy.select", "sqlalchemy.future.select", "sqlmodel.select"})
RUNNING: Final = frozenset("execute scalar scalars stream stream_scalars exec".split())
"""Methods of a session that are given such a statement."""
ONE: Final = frozenset(
    "first one one_or_none get get_or_404 first_or_404 one_or_404 last latest earliest scalar"
    " scalar_one scalar_one_or_none fetchone create get_or_none afirst aget acreate".split()
)
"""Methods of a query that give one thing."""
NONE: Final = frozenset("count exists delete update aggregate acount aexists".split())
"""Methods that give no thing of those that are asked for."""
MANAGERS: Final = frozenset({"objects", "query"})
"""Attributes of the base of a class by which one asks for its instances."""


class Querying(Adapting):
    """Queries, and the instances that come out of them."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.asking: dict[int, str] = {}
        """Calls that may be given a class to ask for, and what they call."""

    def _asks(self, number: int, name: str) -> bool:
        """Whether a call of the outside is one that may be given a class to ask for."""
        call = self.calls[number]
        if not call[0] or not call[2] or not call[2][0]:
            return False
        last = name.rpartition(".")[2]
        is_store = last in RUNNING and self.effects.kind_of(name) == "db"
        if not (name in SELECTS or last == "query" or is_store):
            return False
        self.asking[number] = name
        for arg in call[2]:
            self.wait(arg, (ASKED_FOR, number, name))
        return True

    def _asked_for(self, use: Use, obj: int) -> None:
        """A class, or a statement that names some, is asked for; what else there is (a column, a
        text) tells nothing of what comes."""
        _, number, name = use
        to, key = self.calls[number][0], self.objects.of[obj]
        kind = SELECT if name in SELECTS else QUERY
        made = self.objects.number(CONTAINER, ("asked", number), kind)
        if key[0] == CLASS:
            element = self.new()
            self.wait(self._itself(key[1]), (INSTANTIATE, element))
            self._put(made, None, element)
        elif key[0] == CONTAINER and key[2] == SELECT:
            self.uses[MERGE]((MERGE, made), obj)
        else:
            if key[0] == EXTERNAL:
                self._external(to, f"{name}()")
            return
        if name.endswith(".scalar"):
            self._item(to, made, None)
        else:
            self.add(to, made)

    def _ask_query(self, number: int, query: int, name: str) -> None:
        """A method of a query: one thing of it, or the query itself, narrower."""
        kind = self.objects.of[query][2]
        self._outward(number, f"{kind}().{name}")
        to = self.calls[number][0]
        if name in ONE:
            self._item(to, query, None)
        elif name in NONE:
            self._external(to, "builtins.int()")
        else:
            self.add(to, query)

    def _ask_manager(self, to: int, klass: int, name: str) -> bool:
        """`Part.objects`, `Part.query`: whether a base of the outside, of a store, gives it."""
        bases = [f"{base}.{name}" for base in self.classes[klass].outside if base != "?"]
        if name not in MANAGERS or not any(self.effects.kind_of(one) == "db" for one in bases):
            return False
        made = self.objects.number(CONTAINER, ("manager", klass), QUERY)
        element = self.new()
        self.wait(self._itself(klass), (INSTANTIATE, element))
        self._put(made, None, element)
        self.add(to, made)
        return True

    def _guess_queries(self) -> bool:
        """What is asked for by what nobody knows may be anything of the outside; where nobody knows
        whom a class of the project is asked of (`session.query(Part)`), it is a store."""
        guessed = False
        for number, call in enumerate(self.calls):
            is_open = call[11] == "query" and not self.targets.get(number)
            held = self.holds.get(call[2][0], ()) if is_open and call[2] else ()
            if any(self.objects.kinds[one] == CLASS for one in held):
                self._outward(number, STORE)
                guessed |= self._asks(number, STORE)
        for number, name in self.asking.items():
            to = self.calls[number][0]
            if to not in self.holds:
                self._external(to, f"{name}()")
                guessed = True
        return guessed
