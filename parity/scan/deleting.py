"""Attributes that are deleted: what a class does then is called."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from parity.scan.moving import BIND_CALL, DELETE, UNBIND, Use
from parity.scan.objects import FUNCTION, INSTANCE, PROPERTY
from parity.scan.stores import Stores
from parity.scan.words import BETWEEN

GETTER_AND_BOTH: Final = 4
"""Parts of a property that can be deleted: its kind, and its three functions."""


class Deleting(Stores):
    """`del x.name` and `delattr(x, "name")`."""

    def _delete(self, use: Use, obj: int) -> None:
        """A deletion asks `__delattr__`, or else what the class has by that name."""
        _, name, *site = use
        for hook in self.variables(obj, "__delattr__"):
            row = ("__delattr__", name, *site)
            self._operator_call(row, hook, obj, 0, [self._text(name)], site)
        for variable in self.variables(obj, name):
            self.wait(variable, (UNBIND, obj, *site))

    def _delete_past(self, use: Use, obj: int) -> None:
        """A deletion past the `__delattr__` of a class; of any of its names, where that is not
        known."""
        _, names, *site = use
        found = [one for name in names for one in self.variables(obj, name)]
        for variable in found if names else self._all_of_class(obj):
            self.wait(variable, (UNBIND, obj, *site))

    def _unbind(self, use: Use, obj: int) -> None:
        """What a class has by a name that is deleted of an object of it."""
        _, receiver, *site = use
        key = self.objects.of[obj]
        if key[0] == INSTANCE:
            for hook in filter(None, [self.find(key[1], "__delete__")]):
                row = ("__delete__", obj, *site)
                self._operator_call(row, hook, obj, 0, [self._receiver(row, receiver)], site)
            return
        is_deleter = key[0] == FUNCTION and "deleter" in self.functions[key[1]][1].flags
        if not is_deleter and len(key) < GETTER_AND_BOTH:
            return
        number = self._site_call(("deleter", obj, *site), 0, [], site, "property")
        call = (BIND_CALL, number, receiver, "property")
        if is_deleter:
            self.uses[BIND_CALL](call, obj)
        elif key[0] == PROPERTY:
            self.wait(key[3], call)

    def _call_builtins_delattr(self, number: int, call: Sequence[object]) -> None:
        row = self.calls[number]
        if row[2] and row[2][0]:
            for name in str(row[12] or "").split(BETWEEN):
                self.wait(row[2][0], (DELETE, name, *self._site_of(number)))
