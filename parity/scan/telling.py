"""What classes tell of themselves, and what is made to be found in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from parity.scan.binding import Binding
from parity.scan.effects import Effects
from parity.scan.linking import Module
from parity.scan.moving import BIND, CALL, FOLLOWED, ITEM, LOAD, WRAP, Use
from parity.scan.objects import ALL, CLASS, CONTAINER, INSTANCE, METHOD, PROPERTY, UNNAMED

BASES: Final = "__bases__"
ORDER: Final = "__mro__"
BELOW: Final = "__subclasses__"
GETTER: Final = "operator.attrgetter"
METHOD_CALLER: Final = "operator.methodcaller"
ITEM_GETTER: Final = "operator.itemgetter"
GETTERS: Final = frozenset({GETTER, METHOD_CALLER, ITEM_GETTER})
MOST_BASES: Final = 6
OF_MAKING: Final = ("__prepare__", "__new__", "__init__")
"""Methods of metaclasses that are called where a class is made."""
TOLD: Final = frozenset({BASES, ORDER, BELOW, "mro"})


class Telling(Binding):
    """Classes that are asked for other classes, and properties that are made by calls."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__(modules, aliases, effects)
        self.after: dict[int, int] = {}
        self.makes_classes = any(
            row[9] == "type" and len(row[2]) > 1
            for module in modules
            for row in module.summary.calls
        )

    def is_made_by_meta(self, klass: int) -> bool:
        """Whether a metaclass of the project has a hand in how a class is made."""
        metas = self.classes[klass].metas
        return any(self.find(meta, name) for meta in metas for name in OF_MAKING)

    def names_of(self, klass: int) -> int:
        """The dict of what the body of a class binds, which its metaclass is given."""
        return self.objects.number(CONTAINER, ("names", klass), "dict")

    def _given_by_meta(
        self, to: int, klass: int, name: str, obj: int, site: tuple[int, int, int]
    ) -> None:
        """What metaclasses put into what a class is made of, beside what its body binds."""
        for one in self.classes[klass].mro:
            for key in (f"[{name}", UNNAMED) if self.is_made_by_meta(one) else ():
                self.wait(self._field((self.names_of(one), key)), (BIND, to, obj, *site))

    def _tell(self, to: int, klass: int, name: str) -> None:
        """What a class gives by one of the names of `TOLD`."""
        if name == BASES:
            found = [one for one in self.classes[klass].mro[1:] if self._is_base(klass, one)]
        else:
            found = self.classes[klass].below if name == BELOW else self.classes[klass].mro
        kind = "tuple" if name in (BASES, ORDER) else "list"
        made = self.objects.number(CONTAINER, (name, klass), kind)
        for field in (ALL, UNNAMED):
            for one in found:
                self.add(self._field((made, field)), self.objects.number(CLASS, one))
        # what one calls for it gives what a copy of a list gives
        self.add(to, made if kind == "tuple" else self.objects.number(METHOD, made, "copy"))

    def _is_base(self, klass: int, above: int) -> bool:
        """Whether a class is derived from another without one between them."""
        held = (self.holds.get(base, ()) for base in self.classes[klass].bases)
        return any(self.objects.number(CLASS, above) in one for one in held)

    def _call_inspect_getmro(self, number: int, call: Sequence[Any]) -> None:
        if call[2] and call[2][0] and call[0]:
            self.wait(call[2][0], (LOAD, call[0], "__mro__", *self._site_of(number)))

    def _call_builtins_property(self, number: int, call: Sequence[Any]) -> None:
        words = dict(call[3])
        getter = call[2][0] if call[2] else words.get("fget", 0)
        setter = call[2][1] if len(call[2]) > 1 else words.get("fset", 0)
        deleter = call[2][2] if len(call[2]) > 2 else words.get("fdel", 0)
        given = (setter, deleter) if deleter else (setter,) if setter else ()
        if getter:
            self.wait(getter, (WRAP, call[0], PROPERTY, *given))

    def _call_operator_attrgetter(self, number: int, call: Sequence[Any]) -> None:
        """What gives, when it is called, an attribute of what it is given; `methodcaller` what
        its method gives."""
        if isinstance(call[12], str) and call[12].isidentifier():
            self.add(call[0], self.objects.number(CONTAINER, -number - 1, GETTER))

    def _call_operator_methodcaller(self, number: int, call: Sequence[Any]) -> None:
        if isinstance(call[12], str):
            self.add(call[0], self.objects.number(CONTAINER, -number - 1, METHOD_CALLER))

    def _call_operator_itemgetter(self, number: int, call: Sequence[Any]) -> None:
        if len(call[2]) == 1:
            self.add(call[0], self.objects.number(CONTAINER, -number - 1, ITEM_GETTER))

    def _get_by(self, number: int, made: int) -> None:
        """A call of one of these."""
        _, made_by, kind = self.objects.of[made]
        maker, call, site = self.calls[-made_by - 1], self.calls[number], self._site_of(number)
        if not call[2] or not call[2][0]:
            return
        if kind == ITEM_GETTER:
            self.wait(call[2][0], (ITEM, call[0], maker[12]))
            return
        if kind == GETTER:
            self.wait(call[2][0], (LOAD, call[0], maker[12], *site))
            return
        method = self.new()
        self.wait(call[2][0], (LOAD, method, maker[12], *site))
        args = maker[2][1:]
        inner = self._site_call(("gets", number, made), call[0], args, site, maker[12])
        self.wait(method, (CALL, inner, "operator"))

    def _call_builtins_type(self, number: int, call: Sequence[Any]) -> None:
        """The class of an object."""
        if call[2] and call[2][0] and call[0]:
            self.wait(call[2][0], (LOAD, call[0], "__class__", *self._site_of(number)))

    def _beside(self, _: Use, bases: int) -> None:
        """Of bases of a class that is made each is followed by those after it."""
        at = [self._field((bases, f"[{index}")) for index in range(MOST_BASES)]
        for index, one in enumerate(at):
            for after in at[index + 1 :]:
                self.wait(one, (FOLLOWED, after))

    def _followed(self, use: Use, obj: int) -> None:
        self.flow(use[1], self._after(self.objects.of[obj][1]))

    def _after(self, klass: int) -> int:
        """The variable of the classes that come after one where `type(name, bases, {})` makes one
        of them: by `super()` it calls these."""
        found = self.after.get(klass)
        if found is None:
            found = self.after[klass] = self.new()
        return found

    def _next(self, use: Use, obj: int) -> None:
        _, to, name, *site = use
        klass = self.objects.of[obj][1]
        variable = self.find(klass, name)
        if variable:
            self.wait(variable, (BIND, to, self.objects.number(INSTANCE, klass), *site))

    def _call_types_new_class(self, number: int, call: Sequence[Any]) -> None:
        self._call_builtins_type(number, call)
