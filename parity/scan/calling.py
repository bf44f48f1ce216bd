"""Calls: what is called, what its parameters are given, and what comes back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from parity.scan.apart import Decorating
from parity.scan.attributes import ANY_NAME, PROPERTY_CLASS, REFERENCES, SLOTS
from parity.scan.binding import SEEDED
from parity.scan.loading import PLUGINS
from parity.scan.making import FEWEST_PARTS, METACLASS
from parity.scan.moving import BIND_CALL, ITEM, MERGE, PUT, Use
from parity.scan.objects import (
    BOUND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    METHOD,
    PARTIAL,
    PROPERTY,
)
from parity.scan.querying import QUERY, SELECT
from parity.scan.summary import KEYWORD, PLAIN, STAR, STAR_STAR
from parity.scan.telling import GETTERS


class Calling(Decorating):
    """Who is called where, and with what."""

    def _bind_call(self, use: Use, obj: int) -> None:
        self._call_with(use[1], obj, use[2], use[3])

    def _call_with(self, number: int, obj: int, receiver: int, how: str) -> None:
        key = self.objects.of[obj]
        if key[0] == FUNCTION:
            flags = self.functions[key[1]][1].flags
            self._enter(number, key[1], -1 if "staticmethod" in flags else receiver, how)
        elif key[0] in (BOUND, PARTIAL):
            self._call(number, obj, how)

    def _call(self, number: int, obj: int, how: str) -> None:
        key = self.objects.of[obj]
        kind = key[0]
        if kind == FUNCTION:
            self._enter(number, key[1], -1, how)
        elif kind == BOUND:
            self._enter(number, key[1], key[2], how)
        elif kind == CLASS:
            self._make(number, key[1], how)
        elif kind == INSTANCE:
            variable = self.find(key[1], "__call__")
            if variable:
                self.wait(variable, (BIND_CALL, number, obj, how or "instance"))
        elif kind == FAMILY:
            for variable in self.distinct(key[1], "__call__"):
                if variable:
                    self.wait(variable, (BIND_CALL, number, obj, how or "instance"))
        elif kind == EXTERNAL:
            self._call_external(number, key[1])
        elif kind == METHOD and self.objects.kinds[key[1]] == CLASS:
            self._construct(number, self.objects.of[key[1]][1], how)
        elif kind == METHOD and self.objects.of[key[1]][2:] in ((QUERY,), (SELECT,)):
            self._ask_query(number, key[1], key[2])
        elif kind == METHOD and self.objects.of[key[1]][-1] in PLUGINS:
            self._ask_plugin(number, key[1], key[2])
        elif kind == METHOD:
            self._container_method(number, key[1], key[2])
        elif kind == PARTIAL:
            self._call_partial(number, key, how)
        elif kind == CONTAINER and key[2] in REFERENCES:
            self._outward(number, f"{key[2]}()")
            self._item(self.calls[number][0], obj, None)
        elif kind == CONTAINER and key[2] in GETTERS:
            self._outward(number, f"{key[2]}()")
            self._get_by(number, obj)
        elif kind == PROPERTY:
            self._call(number, key[1], how)

    def _enter(self, number: int, function: int, receiver: int, how: str) -> None:
        """A call of a function of the project: arguments go in, the result comes out."""
        function = self._as_it_stands(number, function)
        seeded = receiver >= 0 and self._is_seeded(function, receiver)
        key = (number, function, SEEDED if seeded else receiver)
        if key in self.bound:
            return
        self.bound.add(key)
        self.targets.setdefault(number, {}).setdefault((FUNCTION, function), how)
        module, facts = self.functions[function]
        own = self.own[module]
        params = facts.params
        call, before = self.calls[number], []
        if receiver >= 0 and params:
            first = params[0]
            if first[2] == PLAIN:
                if not seeded:
                    self.add(own[first[1]], receiver)
                params = params[1:]
            elif first[2] == STAR:
                before = [self.new()]
                self.add(before[0], receiver)
        self._bind_arguments([*before, *call[2]], call, params, own)
        self._give(call[0], function)
        for passed in facts.passes if call[0] else ():
            if receiver >= 0 and not seeded and passed == facts.params[0][1]:
                self.add(call[0], receiver)
            else:
                self.flow(_argument(call, params, passed) or own[passed], call[0])
        if call[0] and how != "operator" and facts.qualname.endswith(".__getattr__"):
            self._ask_forward(function, call[0], ANY_NAME)  # it is called as any method is

    def _bind_arguments(
        self, args: Sequence[int], call: Sequence[Any], params: Sequence[Any], own: list[int]
    ) -> None:
        _, _, _, keywords, star, stars, *_ = call
        plain = [one for one in params if one[2] == PLAIN]
        rest = [own[one[1]] for one in params if one[2] == STAR]
        named = {one[0]: own[one[1]] for one in params if one[2] in (PLAIN, KEYWORD)}
        words = [own[one[1]] for one in params if one[2] == STAR_STAR]
        for index, arg in enumerate(args):
            if index < len(plain):
                self.flow(arg, own[plain[index][1]])
            elif arg:
                for one in rest:
                    self.wait(one, (PUT, str(index - len(plain)), arg))
        if star:
            left = [own[one[1]] for one in plain[len(args) :]]
            self._bind_star(star, left, rest, max(0, len(args) - len(plain)))
        for word, arg in keywords:
            if word in named:
                self.flow(arg, named[word])
            else:
                for one in words:
                    self.wait(one, (PUT, word, arg))
        if stars:
            self._bind_stars(stars, named, words, len(args), plain)

    def _bind_star(self, star: int, plain: Sequence[int], rest: Sequence[int], given: int) -> None:
        """What `*args` gives: each thing at its place, where it is what a function was given so
        itself; else any at any. `given` are before it of what comes into the `*args` called."""
        whole = self.spreads.get(star)
        if whole is not None:
            for at, param in enumerate(plain):
                self._item(param, whole, str(at))
            for one in rest:
                into = self.objects.number(CONTAINER, one, "tuple")
                self._pass_on(whole, into, given - len(plain))
            return
        element = self.new()
        self.wait(star, (ITEM, element, None))
        for param in plain:
            self.flow(element, param)
        for one in rest:
            self.wait(one, (PUT, None, element))

    def _bind_stars(
        self, stars: int, named: Mapping[str, int], words: Sequence[int], given: int,
        plain: Sequence[Any],
    ) -> None:  # fmt: skip
        taken = {one[0] for one in plain[:given]}
        for name, param in named.items():
            if name not in taken:
                self.wait(stars, (ITEM, param, name))
        for one in words:
            for obj in tuple(self.holds.get(one, ())):
                if self.objects.kinds[obj] == CONTAINER:
                    self.wait(stars, (MERGE, obj))

    def _make(self, number: int, klass: int, how: str) -> None:
        """A call of a class: an instance, and its constructor at work."""
        key = (number, -1 - klass, -1)
        if key in self.bound:
            return
        self.bound.add(key)
        call = self.calls[number]
        self.targets.setdefault(number, {}).setdefault((CLASS, klass), how)
        if self._is_interface(klass):
            self._adapt(number, klass)
            return
        if len(call[2]) > FEWEST_PARTS and METACLASS in self.classes[klass].outside:
            self._call_builtins_type(number, call)
        for meta in self.classes[klass].metas:
            asked = self.find(meta, "__call__")
            if asked:
                self.wait(asked, (BIND_CALL, number, self.objects.number(CLASS, klass), how))
        self._construct(number, klass, how)

    def _construct(self, number: int, klass: int, how: str) -> None:
        """What a class makes, whatever its metaclass says."""
        key = (number, -1 - klass, -2)
        if key in self.bound:
            return
        self.bound.add(key)
        call = self.calls[number]
        instance = self.objects.number(INSTANCE, klass)
        if call[0]:
            self.add(call[0], instance)
        maker = self.find(klass, "__init__")
        if maker:
            self.wait(maker, (BIND_CALL, number, instance, how or "constructor"))
        other = self.find(klass, "__new__")
        if other:
            self.wait(other, (BIND_CALL, number, self.objects.number(CLASS, klass), how))
        if not maker:
            self._make_fields(call, klass, instance)
            if self._held_as(klass):
                self._fill_from(number, instance)
            for base in self.classes[klass].outside:
                if base != "?":
                    self._outward(number, base)
                if base == PROPERTY_CLASS:
                    self._fill_slots(call, [self.single(instance, slot) for slot in SLOTS])
            for name in ("__post_init__", "__attrs_post_init__"):
                after = self.find(klass, name)
                if after:
                    self.wait(after, (BIND_CALL, number, instance, "constructor"))

    def _raise(self, use: Use, obj: int) -> None:
        """`raise C` makes an instance of it."""
        _, *site = use
        number = self._site_call(("raises", obj, *site), 0, [], site, "raise")
        self._make(number, self.objects.of[obj][1], "")

    def _make_fields(self, call: Sequence[Any], klass: int, instance: int) -> None:
        fields: list[str] = []
        for one in reversed(self.classes[klass].mro):
            fields += [name for name in self.classes[one].fields if name not in fields]
        for name, arg in zip(fields, call[2], strict=False):
            self.flow(arg, self.single(instance, name))
        for name, arg in call[3]:
            self.flow(arg, self.single(instance, name))
        if self.is_named_tuple(klass):
            self._fill(instance, call)

    def _call_partial(self, number: int, key: tuple[Any, ...], how: str) -> None:
        made = self.calls[key[2]]
        call = self.calls[number]
        args = [*made[2][1:], *call[2]]
        where = ("partial", number, key[2], key[1])
        if where in self.operator_calls:
            return
        joined = [call[0], 0, args, [*made[3], *call[3]], call[4] or made[4],
                  call[5] or made[5], call[6], call[7], 3, call[9], 0, "", None, 0]  # fmt: skip
        inner = self.operator_calls[where] = self._add_call(joined, self.call_modules[number])
        self.targets[inner] = self.targets.setdefault(number, {})
        self._call(inner, key[1], how or "partial")


def _argument(call: Sequence[Any], params: Sequence[Any], wanted: int) -> int:
    """The variable that a call gives for a parameter; 0 where it gives none that is known."""
    plain = [one for one in params if one[2] == PLAIN]
    words = dict(call[3])
    for at, (name, variable, _) in enumerate(plain):
        if variable == wanted:
            return int(call[2][at] if at < len(call[2]) else words.get(name, 0))
    return 0
