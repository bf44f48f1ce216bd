"""What ties units to their surroundings, so that they cannot be taken out as they are."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from parity.scan.describing import MODULE_BODY, Description
from parity.scan.effects import IO
from parity.scan.objects import CLASS, FUNCTION
from parity.scan.summary import FEWEST_LINES, FunctionFacts
from parity.scanned import MOST_WRITERS, WRITTEN_BY, Coupling, Shared

BY_EFFECT: Final = {
    "clock": "clock", "random": "random", "env": "environment", "thread": "threads", "lock": "lock",
}  # fmt: skip
FEWEST_KEYS: Final = 3
FEWEST_USERS: Final = 2


def couplings_of(description: Description) -> list[Coupling]:
    """All couplings, by file and line."""
    found = [
        *_by_effect(description),
        *_globals(description),
        *_bags(description),
        *_collaborators(description),
        *_in_between(description),
    ]
    return sorted(set(found), key=lambda one: (one.file, one.line, one.kind, one.unit, one.about))


def shared_of(description: Description) -> list[Shared]:
    """Classes whose methods share state that one of them writes after construction."""
    solver = description.solver
    methods: dict[int, list[int]] = {}
    for at, (module, facts) in enumerate(solver.functions):
        if facts.owner >= 0:
            methods.setdefault(solver.first_class[module] + facts.owner, []).append(at)
    found: list[Shared] = []
    for index, rows in sorted(methods.items()):
        written: dict[str, set[int]] = {}
        users: dict[str, set[int]] = {}
        for at in rows:
            own, qualname = description.own[at], solver.functions[at][1].qualname
            for state in (*own.reads, *own.writes):
                if state.startswith("self."):
                    users.setdefault(state, set()).add(at)
            for state in own.writes:
                if state.startswith("self.") and not qualname.endswith("__init__"):
                    written.setdefault(state, set()).add(at)
        names = sorted(name for name in written if len(users[name]) > 1)
        if names:
            klass = solver.classes[index]
            owner = f"{solver.modules[klass.module].source.module}:{klass.qualname}"
            units = sorted({at for name in names for at in users[name]})
            found.append(Shared(owner, tuple(names), tuple(description.ids[at] for at in units)))
    return found


def _by_effect(description: Description) -> Iterator[Coupling]:
    for at, own in enumerate(description.own):
        for effect in own.effects:
            kind = BY_EFFECT.get(effect.kind)
            if kind is not None:
                yield Coupling(kind, effect.file, effect.line, description.ids[at], effect.api)


def _globals(description: Description) -> Iterator[Coupling]:
    """Variables of modules that functions write: where they are defined, and who writes them."""
    for whole, writers in sorted(description.written.items()):
        users = [at for at in writers if _is_function(description, at)]
        if not users:
            continue
        module, name, line = description.plain[whole]
        file = description.solver.modules[module].source.shown
        unit = f"{whole.partition(':')[0]}:{MODULE_BODY}"
        by = ", ".join(sorted({description.ids[at] for at in users})[:MOST_WRITERS])
        yield Coupling("global state", file, line, unit, f"`{name}`{WRITTEN_BY}{by}")


def _is_function(description: Description, at: int) -> bool:
    return description.solver.functions[at][1].qualname != MODULE_BODY


def _bags(description: Description) -> Iterator[Coupling]:
    """Dicts of many keys that functions hand to one another instead of arguments."""
    solver = description.solver
    for at, module in enumerate(solver.modules):
        keys: dict[str, set[str]] = {}
        users: dict[str, set[int]] = {}
        for function, param, key, _ in module.summary.bags:
            keys.setdefault(param, set()).add(key)
            users.setdefault(param, set()).add(function)
        for param, names in sorted(keys.items()):
            if len(names) < FEWEST_KEYS or len(users[param]) < FEWEST_USERS:
                continue
            first = min(users[param])
            line = module.summary.functions[first].line
            for alias, where in module.summary.aliases:
                if alias.lower() == param.lower():
                    line = where
            about = f"`{param}` holds {', '.join(sorted(names)[:8])}"
            unit = description.ids[solver.first_function[at] + first]
            yield Coupling("context bag", module.source.shown, line, unit, about)


def _collaborators(description: Description) -> Iterator[Coupling]:
    """Objects that do I/O and are made in a constructor: no other can be given."""
    solver = description.solver
    doing = _classes_doing_io(description)
    for at, (module, facts) in enumerate(solver.functions):
        for attr, call, line in facts.makes:
            for kind, key in solver.targets.get(solver.call_numbers[module][call], ()):
                if kind == CLASS and not doing.isdisjoint(solver.classes[key].mro):
                    name = solver.classes[key].qualname
                    file = description.file_of(at)
                    about = f"self.{attr} = {name}(…)"
                    yield Coupling(
                        "collaborator made in a constructor", file, line, description.ids[at], about
                    )


def _classes_doing_io(description: Description) -> frozenset[int]:
    """Classes of which a method does I/O, by itself or in what it calls."""
    solver = description.solver
    return frozenset(
        solver.first_class[module] + facts.owner
        for at, (module, facts) in enumerate(solver.functions)
        if facts.owner >= 0 and at in description.reaching_io
    )


def _in_between(description: Description) -> Iterator[Coupling]:
    """I/O in the middle of a unit that computes, and what is reported from within a loop."""
    solver = description.solver
    for number, targets in sorted(solver.targets.items()):
        call = solver.calls[number]
        at = call[7]
        facts = solver.functions[at][1]
        if facts.qualname == MODULE_BODY or "returns" not in facts.flags:
            continue
        if not any(_is_io(description, kind, key) for kind, key in targets):
            continue
        file = description.file_of(at)
        about = f"calls {call[9]}"
        if call[13]:
            yield Coupling("status on the way", file, call[6], description.ids[at], about)
        elif _computes(description, at, facts):
            yield Coupling("computes and does I/O", file, call[6], description.ids[at], about)


def _is_io(description: Description, kind: int, key: int | str) -> bool:
    if kind == FUNCTION and isinstance(key, int):
        return key in description.reaching_io
    return isinstance(key, str) and description.effects.kind_of(key) in IO


def _computes(description: Description, at: int, facts: FunctionFacts) -> bool:
    """Whether a unit also calls functions of the project that do no I/O and give values."""
    solver = description.solver
    return facts.end - facts.line >= FEWEST_LINES and any(
        "returns" in solver.functions[to][1].flags and to not in description.reaching_io
        for to in description.edges[at]
    )
