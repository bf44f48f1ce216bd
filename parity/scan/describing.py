"""From what was solved to what people are told: units with effects, calls, state and class."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from parity.scan.effects import IO, Effects, class_of
from parity.scan.graph import callers_of, connected_groups, nearest
from parity.scan.guessing import BY_NAME, COMMON
from parity.scan.moving import OBJECTS
from parity.scan.objects import CLASS, EXTERNAL, FUNCTION, MODULE
from parity.scan.outside import COMPUTED
from parity.scan.solving import Solver
from parity.scan.summary import (
    ATTRIBUTE,
    NAME,
    OTHER,
    SELF,
    STAR,
    STAR_STAR,
    FunctionFacts,
    unit_names,
)
from parity.scan.using import Learned
from parity.scanned import BY_USE, Effect, Raised, ScannedCall, ScannedUnit, Unresolved

VALUES: Final = frozenset({"env", "clock", "random", "console"})
"""Kinds of effect that come about by a mere mention, of `os.environ` say."""
LIKE_IO: Final = frozenset({"copy", "count", "find", "get", "insert", "remove", "update"})
"""Methods that dicts and lists have, and clients of stores and sites too."""
MANY: Final = "one of more than can be followed"
NOTHING: Final = Learned()
MODULE_BODY: Final = "<module>"


@dataclass(slots=True)
class Own:
    """What the body of one function does by itself."""

    effects: list[Effect] = field(default_factory=list)
    calls: list[ScannedCall] = field(default_factory=list)
    edges: list[int] = field(default_factory=list)
    unresolved: list[Unresolved] = field(default_factory=list)
    reads: list[str] = field(default_factory=list)
    writes: list[str] = field(default_factory=list)
    handed: list[str] = field(default_factory=list)


class Description:
    """Units of a solved project."""

    def __init__(self, solver: Solver, effects: Effects, learned: Learned = NOTHING) -> None:
        self.solver = solver
        self.effects = effects
        self.learned = learned
        self.ids = [
            name for one in solver.modules for name in unit_names(one.source.module, one.summary)
        ]
        self.own = [Own() for _ in solver.functions]
        self.methods = _method_names(solver)
        self.plain: dict[str, tuple[int, str, int]] = {}
        self.written: dict[str, list[int]] = {}
        self.imported: list[dict[int, list[tuple[str, str | None]]]] = []
        self.counts: dict[str, int] = {}
        self.reasons: dict[str, int] = {}
        self._known_origins: dict[int, dict[int, tuple[str, int]]] = {}
        self.values = self._values()
        self._states()
        for number in range(len(solver.calls)):
            self._call(number)
        for at, line, getter in learned.answers:
            self.own[at].edges.append(getter)
            self.own[at].calls.append(ScannedCall(self.ids[getter], BY_USE, line))
        self._mentions()
        for at, (_, facts) in enumerate(solver.functions):
            self._facts(at, facts)
        for own in self.own:
            own.effects.sort(key=lambda one: one.line)
            own.calls = list(dict.fromkeys(sorted(own.calls, key=lambda one: one.line)))
        self.edges = [sorted(set(own.edges)) for own in self.own]
        self.groups = connected_groups(self.edges)
        self.by_kind = self._by_kind()
        callers = callers_of(self.edges)
        self.follow = {kind: nearest(callers, rows) for kind, rows in self.by_kind.items()}
        self.reaching_io = frozenset[int]().union(*(self.follow.get(kind, ()) for kind in IO))
        self.ways: list[tuple[str, Mapping[int, int], dict[int, Effect]]] = [
            (kind, follow, {}) for kind, follow in sorted(self.follow.items())
        ]

    # ------------------------------------------------------------ where

    def file_of(self, at: int) -> str:
        """The file of a function, as shown."""
        return self.solver.modules[self.solver.functions[at][0]].source.shown

    def units(self, entries: Sequence[Sequence[str]]) -> Iterator[ScannedUnit]:
        """All units, in the order of the sources."""
        for at, (_, facts) in enumerate(self.solver.functions):
            own = self.own[at]
            effects = (*own.effects, *self._reached(at))
            yield ScannedUnit(
                id=self.ids[at],
                kind=_kind(facts),
                file=self.file_of(at),
                line=facts.line,
                end=facts.end,
                klass=class_of(one.kind for one in effects),
                own_class=class_of(one.kind for one in own.effects),
                requires=tuple(_parameter(one) for one in facts.params),
                provides=facts.provided,
                effects=effects,
                reads=tuple(own.reads),
                writes=tuple(own.writes),
                raises=tuple(Raised(name, line) for name, line in facts.raises),
                calls=tuple(own.calls),
                unresolved=tuple(own.unresolved),
                entry=tuple(entries[at]),
                hash=facts.hash,
            )

    def _by_kind(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for at, own in enumerate(self.own):
            for kind in sorted({one.kind for one in own.effects}):
                if kind not in ("self", "argument"):
                    found.setdefault(kind, []).append(at)
        return found

    def _reached(self, at: int) -> Iterator[Effect]:
        """Of each kind of effect that is not in the own body, the nearest, and the way there."""
        mine = {one.kind for one in self.own[at].effects}
        for kind, follow, known in self.ways:
            if kind not in mine and at in follow:
                yield known.get(at) or self._way(kind, at, follow, known)

    def _way(
        self, kind: str, at: int, follow: Mapping[int, int], known: dict[int, Effect]
    ) -> Effect:
        """The nearest effect of a kind as seen from a unit, and from all units on the way."""
        path = [at]
        while path[-1] not in known and follow[path[-1]] != path[-1]:
            path.append(follow[path[-1]])
        last = path.pop()
        found = known.get(last)
        if found is None:
            found = known[last] = next(e for e in self.own[last].effects if e.kind == kind)
        for node in reversed(path):
            _, api, file, line, via = found
            found = known[node] = Effect(kind, api, file, line, (self.ids[follow[node]], *via))
        return found

    # ------------------------------------------------------------ calls

    def _call(self, number: int) -> None:
        call = self.solver.calls[number]
        targets = self.solver.targets.get(number)
        own = self.own[call[7]]
        if not targets:
            self._untargeted(number, call, own)
            return
        inside = False
        for what in sorted(self.solver.missed.get(call[1], ())):
            self._effect(own, what, MANY, call)
        if call[1] in self.solver.guessed:
            self._effect(own, "unknown", call[9], call)
        if number in self.learned.is_open:
            self._shown(number, call, own)
        for (kind, key), how in targets.items():
            if kind == FUNCTION:
                inside = True
                own.edges.append(key)
                own.calls.append(ScannedCall(self.ids[key], how or self._how(number, key), call[6]))
                if how == BY_NAME and self._hands_on(call):
                    self._effect(own, "unknown", call[9], call)
            elif kind == CLASS:
                inside = True
                klass = self.solver.classes[key]
                name = f"{self.solver.modules[klass.module].source.module}:{klass.qualname}"
                found = BY_USE if how == BY_USE else "constructor"
                own.calls.append(ScannedCall(name, found, call[6]))
            else:
                self._outward(own, call, key)
        self._count(call, inside)

    def _hands_on(self, call: Sequence[Any]) -> bool:
        """Whether a method asks another object for what it is asked itself: that may well be one
        of the outside which it stands for, although others here have a method by that name."""
        facts = self.solver.functions[call[7]][1]
        return bool(facts.owner >= 0 and facts.qualname.rpartition(".")[2] == call[11])

    def _shown(self, number: int, call: Sequence[Any], own: Own) -> None:
        """What is told of a call all the same that has targets by its users only."""
        kind = self._kind_of_method(call)
        if kind not in ("", "pure"):
            self._effect(own, kind, f"?.{call[11]}", call)
        elif self.learned.is_open[number] and not kind:
            self._effect(own, "unknown", call[9], call)

    def _count(self, call: Sequence[Any], inside: bool) -> None:
        if call[8] == OTHER and not call[1]:
            return  # an operator, a property, a callback: no call as it is written
        key = "resolved" if inside else "outside"
        self.counts[key] = self.counts.get(key, 0) + 1

    def _how(self, number: int, function: int) -> str:
        call = self.solver.calls[number]
        if call[9].startswith("@"):
            return "decorator"
        if call[8] == NAME:
            here = self.solver.call_modules[number]
            return "name" if self.solver.functions[function][0] == here else "import"
        if call[8] == SELF:
            return "self"
        held = self.solver.holds.get(call[10], ())
        if any(self.solver.objects.kinds[one] == MODULE for one in held):
            return "import"
        return "inferred" if call[8] == ATTRIBUTE else "value"

    def _outward(self, own: Own, call: Sequence[Any], name: str) -> None:
        kind = self.effects.kind_of(name)
        if kind != "pure" and not (name == COMPUTED and self._is_known(call[2][:1])):
            self._effect(own, kind, name, call)
        if call[3] or name in self.effects.also:
            self._besides(own, call, name)

    def _besides(self, own: Own, call: Sequence[Any], name: str) -> None:
        """What a call of the outside does besides what its name stands for."""
        other = self.effects.besides(name, (word for word, _ in call[3]))
        if other:
            self._effect(own, self.effects.kind_of(other), other, call)

    def _is_known(self, variables: Sequence[int]) -> bool:
        """Whether all that `getattr` may give of its object is followed."""
        held = [one for at in variables for one in self.solver.holds.get(at, ())]
        return bool(held) and all(map(self.solver.is_enumerable, held))

    def _effect(self, own: Own, kind: str, api: str, call: Sequence[Any]) -> None:
        file = self.file_of(call[7])
        for at, other in enumerate(own.effects):
            if other.kind == kind and other.line == call[6]:
                if (len(api), api) < (len(other.api), other.api):
                    own.effects[at] = Effect(kind, api, file, call[6])
                return
        own.effects.append(Effect(kind, api, file, call[6]))

    def _untargeted(self, number: int, call: Sequence[Any], own: Own) -> None:
        text, name = call[9], call[11]
        if not call[1] and call[8] == OTHER:
            return
        if text.startswith("@"):
            self._effect(own, "unknown", text, call)
            own.unresolved.append(Unresolved(text, call[6], "decorator of unknown origin", True))
            self.counts["unresolved"] = self.counts.get("unresolved", 0) + 1
            return
        kind = self._kind_of_method(call)
        if kind:
            if kind != "pure":
                self._effect(own, kind, f"?.{name}", call)
            self._besides(own, call, f"?.{name}")
            self.counts["outside"] = self.counts.get("outside", 0) + 1
            return
        why = self._why(number, call)
        inside = not name or name in self.methods or call[8] != ATTRIBUTE
        own.unresolved.append(Unresolved(text, call[6], why, inside))
        self._effect(own, "unknown", text, call)
        key = "unresolved" if inside else "outside"
        self.counts[key] = self.counts.get(key, 0) + 1
        if inside:
            self.reasons[why] = self.reasons.get(why, 0) + 1

    def _kind_of_method(self, call: Sequence[Any]) -> str:
        """The kind of effect of a call by its name alone, where nothing in the project has it."""
        if not call[10] or call[11] in self.methods:
            return ""
        return self._kind_by_name(call[11], self.solver.holds.get(call[10], ()))

    def _kind_by_name(self, name: str, held: Collection[int]) -> str:
        """The kind of effect of a method that no object has that is known, by its name alone."""
        if name in COMMON and name not in LIKE_IO:
            return "" if any(map(self._is_below_unknown, held)) else "pure"
        if held:
            return ""
        return self.effects.methods.get(name) or self.effects.likely.get(name, "")

    def _is_below_unknown(self, obj: int) -> bool:
        """Whether an object may have any method: of a base class that is not found."""
        kind, klass, *_ = self.solver.objects.of[obj]
        return kind in OBJECTS and "?" in self.solver.classes[klass].outside

    def _why(self, number: int, call: Sequence[Any]) -> str:
        solver = self.solver
        variable = call[10] or call[1]
        held = solver.holds.get(variable, ())
        if call[10] and held:
            kinds = {solver.objects.kinds[one] for one in held}
            if kinds & OBJECTS:
                return "its class has no such attribute that is seen"
            if MODULE in kinds:
                return "its module defines no such name that is seen"
            return "what is known of the object has no such attribute"
        if held:
            return "what it holds cannot be called"
        return self._origin(solver.call_modules[number], variable)

    def _origin(self, module: int, variable: int) -> str:
        """Why nothing is known of a variable, by where its value comes from."""
        origins = self._origins(module)
        for _ in range(20):
            found = origins.get(variable)
            if found is None:
                return "its value comes from nowhere that is seen"
            why, variable = found
            if why or not variable:
                break
        return why or "its value comes from nowhere that is seen"

    def _origins(self, module: int) -> dict[int, tuple[str, int]]:
        cached = self._known_origins
        if module in cached:
            return cached[module]
        solver = self.solver
        found: dict[int, tuple[str, int]] = {}
        summary, own = solver.modules[module].summary, solver.own[module]
        for to, source in summary.copies:
            found.setdefault(own[to], ("", own[source]))
        for to, source in summary.values:
            found.setdefault(own[to], ("", own[source]))
        for _, to, *_, base in summary.loads:
            if base and solver.holds.get(base):
                found[to] = ("an attribute of which no value is seen", 0)
            else:
                found[to] = ("", base)
        for (to,) in summary.items:
            found[to] = ("an element of a container of which nothing is seen", 0)
        for row in summary.calls:
            why = "the result of a call of which nothing is seen"
            if row[9] == "getattr":
                why = "a name that is computed"
            found[row[0]] = (why, 0)
        for facts in summary.functions:
            for _, variable, _ in facts.params:
                found[own[variable]] = ("a parameter that nobody in the project gives", 0)
        for variable in summary.free.values():
            found[own[variable]] = ("a name that is defined nowhere", 0)
        for variable, target, *_ in summary.imports:
            if variable:
                found[own[variable]] = (self._import_why(target), 0)
        cached[module] = found
        return found

    def _import_why(self, target: str) -> str:
        at = self.solver.numbers.get(self.solver.module_name(target))
        if at is not None and "unread" in self.solver.modules[at].summary.functions[0].flags:
            return "its module cannot be parsed"
        return "an import that leads nowhere"

    # ------------------------------------------------------------ state

    def _states(self) -> None:
        for at, module in enumerate(self.solver.modules):
            names: dict[int, list[tuple[str, str | None]]] = {}
            for variable, target, member, *_ in module.summary.imports:
                if variable:
                    names.setdefault(variable, []).append((target, member))
            self.imported.append(names)
            for name, line in module.summary.plain.items():
                self.plain[f"{module.source.module}:{name}"] = (at, name, line)

    def global_of(self, module: int, name: str, attr: str) -> str:
        """The full name of a module's variable that `name` (or `name.attr`) means in a module."""
        solver = self.solver
        own = f"{solver.modules[module].source.module}:{name}"
        if own in self.plain:
            return own
        summary = solver.modules[module].summary
        for target, member in self.imported[module].get(summary.names.get(name, 0), ()):
            whole = solver.module_name(target)
            if member is not None and f"{whole}:{member}" in self.plain:
                return f"{whole}:{member}"
            inner = f"{whole}.{member}" if member is not None else whole
            if attr and f"{inner}:{attr}" in self.plain:
                return f"{inner}:{attr}"
        return ""

    def _facts(self, at: int, facts: FunctionFacts) -> None:
        module, own = self.solver.functions[at][0], self.own[at]
        if "unread" in facts.flags:
            file = self.file_of(at)
            own.effects.append(Effect("unknown", "a file that cannot be parsed", file, facts.line))
        for mode, kind, name, attr, line in facts.touches:
            if kind == "global":
                whole = self.global_of(module, name, attr)
                if not whole or (mode == "r" and whole not in self.written):
                    continue
                state = f"global {whole}"
            elif kind == "self":
                state = f"self.{name}"
            else:
                state = f"argument {name}"
            into = own.writes if mode == "w" else own.reads
            if state not in into:
                into.append(state)
                self._stateful(at, facts, mode, kind, state, line)

    def _stateful(
        self, at: int, facts: FunctionFacts, mode: str, kind: str, state: str, line: int
    ) -> None:
        constructs = facts.qualname.endswith(("__init__", "__new__"))
        if kind == "self" and (mode == "r" or constructs):
            return
        self.own[at].effects.append(Effect(kind, state, self.file_of(at), line))

    def _mentions(self) -> None:
        """Effects by mention, and which module variables any function writes."""
        solver = self.solver
        for at, (module, facts) in enumerate(solver.functions):
            for mode, kind, name, attr, line in facts.touches:
                if kind == "global" and mode == "w":
                    whole = self.global_of(module, name, attr)
                    if whole:
                        self.written.setdefault(whole, []).append(at)
                elif kind == "global":
                    self._mention(at, module, name, line)
        for function, whole, line, _ in solver.module_writes:
            if whole in self.plain and solver.functions[function][1].qualname != MODULE_BODY:
                self.written.setdefault(whole, []).append(function)
                state = f"global {whole}"
                if state not in self.own[function].writes:
                    self.own[function].writes.append(state)
                    effect = Effect("global", state, self.file_of(function), line)
                    self.own[function].effects.append(effect)
        for source in solver.modules:
            for _, to, _, function, line, *_ in source.summary.loads:
                self._mentioned(to, function, line)

    def _mention(self, at: int, module: int, name: str, line: int) -> None:
        summary = self.solver.modules[module].summary
        variable = summary.names.get(name)
        if variable is not None:
            self._mentioned(self.solver.var(module, variable), at, line)

    def _mentioned(self, variable: int, function: int, line: int) -> None:
        held = self.solver.holds.get(variable, ())
        if self.values.keys().isdisjoint(held):
            return
        for obj in held:
            if obj in self.values:
                (kind, name), own = self.values[obj], self.own[function]
                if not any(one.kind == kind and one.line == line for one in own.effects):
                    own.effects.append(Effect(kind, name, self.file_of(function), line))

    def _values(self) -> dict[int, tuple[str, str]]:
        """The objects that are an effect by being mentioned: its kind, and their name. A module is
        none: what is asked of it is."""
        found: dict[int, tuple[str, str]] = {}
        libraries = self.solver.libraries
        for obj, key in enumerate(self.solver.objects.of):
            is_value = key[0] == EXTERNAL and key[1] not in libraries
            if is_value and self.effects.kinds.get(key[1]) in VALUES:
                found[obj] = (self.effects.kinds[key[1]], key[1])
        return found


def _method_names(solver: Solver) -> frozenset[str]:
    """Last names of all functions and classes of the project."""
    names = {facts.qualname.rpartition(".")[2] for _, facts in solver.functions}
    return frozenset(names | {one.qualname.rpartition(".")[2] for one in solver.classes})


def _kind(facts: FunctionFacts) -> str:
    if facts.qualname == MODULE_BODY:
        return "module"
    if facts.owner >= 0:
        return "method"
    return "lambda" if "<lambda" in facts.qualname.rpartition(".<locals>.")[2] else "function"


def _parameter(row: Sequence[Any]) -> str:
    prefix = {STAR: "*", STAR_STAR: "**"}.get(row[2], "")
    return f"{prefix}{row[0]}"
