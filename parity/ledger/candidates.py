"""Which Java may replace which Python where no convention says so: guesses, best first.

Names count by their words, rare words most; then both have to take and give the same kinds of
values, and an instance has to be there to be had. Each unit and each method is taken once.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parity.counterparts import (
    ABSTRACT,
    INTERFACE,
    PUBLIC,
    STATIC,
    SYNTHETIC,
    VARARGS,
    Candidate,
    JavaClass,
    JavaMethod,
    PythonUnit,
)
from parity.ledger.matching import TESTS, WORDS, PythonSide
from parity.ledger.signatures import (
    Parameter,
    Taken,
    fitness,
    gives_the_same,
    taken_by,
)
from parity.sides.java.classfiles import ClassIndex, parameter_types, result_type, told

LEAST: Final = 0.3
"""Names that are less alike than this are not looked at."""
COMMON: Final = 400
"""A word of more methods than this leads to none of them."""
AROUND: Final = 0.5
"""What a word counts that only one side has, in the name of its module or class."""
ABOVE: Final = 0.25
"""The same in the name of a package that a module is in."""
RARE: Final = 0.03
"""One of the words that both have has to be in fewer names than this: `get` leads nowhere."""
ALONE: Final = 2
"""A name that at most so many have on either side leads from one to the other by itself."""
FEW: Final = 4
"""A word of so few names is rare in any project."""
SAME: Final = 0.5
"""How alike two are at least that have one name which hardly another has."""
EXTRA: Final = 0.98
"""What a parameter that only python has takes from how alike two are."""
OBJECT_METHODS: Final = frozenset("equals hashCode toString compareTo clone main".split())
KEYWORDS: Final = frozenset(
    (
        "abstract assert boolean break byte case catch char class const continue default do "
        "double else enum extends final finally float for goto if implements import instanceof "
        "int interface long native new package private protected public return short static "
        "strictfp super switch synchronized this throw throws transient try void volatile while "
        "true false null _"
    ).split()
)


@dataclass(frozen=True, slots=True)
class Method:
    """A method that can be called from outside, and how its instance is had."""

    owner: JavaClass
    method: JavaMethod
    receiver: str | None
    """An expression where the constructor without arguments does not do."""
    words: frozenset[str]

    @property
    def is_static(self) -> bool:
        """Whether it needs no instance."""
        return bool(self.method.flags & STATIC)

    @property
    def class_name(self) -> str:
        """The name of its class as sources write it."""
        return self.owner.name.replace("$", ".")

    @property
    def name(self) -> str:
        """What all overloads have in common."""
        return f"{self.class_name}#{self.method.name}"

    @property
    def types(self) -> list[str]:
        """The types of its parameters."""
        return [one.replace("$", ".") for one in parameter_types(self.method)]


@dataclass(frozen=True, slots=True)
class Pair:
    """A unit and a method that fit."""

    unit: PythonUnit
    taken: Taken
    method: Method
    likeness: float
    nearness: int
    """How many of the words of the packages they share."""
    given: Sequence[Parameter]
    """The parameters that java takes; those behind them stay at their defaults."""
    unlike: int
    """How far the types are from those that fit best."""

    @property
    def key(self) -> tuple[float, int, int, str, str]:
        """The best first."""
        return -self.likeness, -self.nearness, self.unlike, self.unit.id, self.method.name


def candidates(
    python: PythonSide, classes: ClassIndex, *, taken: Collection[str], without: Collection[str]
) -> list[Candidate]:
    """Guesses for units other than `without`, among methods other than those `taken`.

    Where two methods are as good as one another for a unit, none is taken.
    """
    methods = [one for one in _methods(classes) if one.name not in taken]
    units = [one for one in python.units.values() if one.id not in without and _may_count(one)]
    pairs = sorted(_pairs(python, units, methods), key=lambda one: one.key)
    found: list[Candidate] = []
    used: set[str] = set()
    best: dict[str, Pair] = {}
    for pair in pairs:
        first = best.setdefault(pair.unit.id, pair)
        if first.method.name != pair.method.name and first.key[:3] == pair.key[:3]:
            used.add(pair.unit.id)  # nobody can say which of the two it is
    for pair in pairs:
        if pair.unit.id in used or pair.method.name in used:
            continue
        used |= {pair.unit.id, pair.method.name}
        found.append(_candidate(python, pair))
    return found


def _may_count(unit: PythonUnit) -> bool:
    """Whether a unit is one that others call: no test, nothing private."""
    names = [*unit.module.split("."), *unit.qualname.split(".")]
    if any(name.startswith("_") for name in names) or "<" in unit.qualname:
        return False
    return not any(
        name.startswith(("test", "conftest", "setup")) or name.endswith("_test")
        for name in unit.module.split(".")
    )


# ---------------------------------------------------------------- methods


def _methods(classes: ClassIndex) -> Iterator[Method]:
    for name, row in classes.declared():
        if not row[0] & PUBLIC or TESTS in classes.rows[name][1]:
            continue
        owner = classes.of(name)
        if owner is None or owner.flags & SYNTHETIC:
            continue
        simple = _words(owner.simple_name)
        receiver, is_there = _receiver(owner)
        for method in _callable(classes, owner):
            if method.flags & STATIC or is_there:
                yield Method(owner, method, receiver, frozenset(simple | _words(method.name)))


def _callable(classes: ClassIndex, owner: JavaClass) -> Iterator[JavaMethod]:
    """Public methods of a class, inherited ones too, that give something."""
    seen: set[tuple[str, str]] = set()
    above = (one for one in classes.ancestors(owner) if isinstance(one, JavaClass))
    for one in (owner, *above):
        for method in one.methods:
            key = method.name, method.descriptor.partition(")")[0]
            if key in seen or not method.flags & PUBLIC or method.flags & SYNTHETIC:
                continue
            seen.add(key)
            inherited = one is not owner and bool(method.flags & STATIC)
            if method.name in OBJECT_METHODS or inherited or method.flags & ABSTRACT:
                continue
            if not method.descriptor.endswith(")V"):
                yield method


def _receiver(owner: JavaClass) -> tuple[str | None, bool]:
    """The expression that makes an instance, where one is needed; and whether there is any way."""
    if owner.flags & (ABSTRACT | INTERFACE):
        return None, False
    if "()V" in owner.constructors:
        return None, True
    made = f"()L{owner.name.replace('.', '/')};"
    makers = sorted(
        one.name
        for one in owner.methods
        if one.flags & PUBLIC and one.flags & STATIC and one.descriptor == made
    )
    if not makers:
        return None, False
    best = min(makers, key=lambda name: (not name.startswith("get"), len(name), name))
    return f"{owner.name.replace('$', '.')}.{best}()", True


# ---------------------------------------------------------------- likeness


def _pairs(
    python: PythonSide, units: Sequence[PythonUnit], methods: Sequence[Method]
) -> Iterator[Pair]:
    words = {unit.id: _words_of(unit) for unit in units}
    seen: Counter[str] = Counter()
    for one in (*words.values(), *(method.words for method in methods)):
        seen.update(one)
    whole = len(words) + len(methods)
    for unit in units:  # packages are words as well, though nothing is found by them
        seen.update({word for part in unit.module.split(".")[:-1] for word in _words(part)})
    worth = {word: math.log(1 + whole / count) for word, count in seen.items()}
    names = Counter(frozenset(_words(unit.qualname.rpartition(".")[2])) for unit in units)
    distinct = {method.name: frozenset(_words(method.method.name)) for method in methods}
    javas = Counter(distinct.values())
    single = {name for name in names if names[name] <= ALONE and 0 < javas[name] <= ALONE}
    rare = {word for word, count in seen.items() if count <= max(FEW, whole * RARE)}
    by_word: dict[str, list[int]] = {}
    for index, method in enumerate(methods):
        for word in method.words:
            by_word.setdefault(word, []).append(index)
    for unit in units:
        near = {
            index
            for word in words[unit.id]
            if len(by_word.get(word, ())) <= COMMON
            for index in by_word.get(word, ())
        }
        taken = taken_by(python.signature(unit), _has_receiver(python, unit)) if near else None
        if taken is None:
            continue
        for index in sorted(near):
            own = frozenset(_words(unit.qualname.rpartition(".")[2]))
            is_single = own in single and own == distinct[methods[index].name]
            if not is_single and not words[unit.id] & methods[index].words & rare:
                continue
            least = SAME if is_single else 0.0
            pair = _pair(unit, taken, words[unit.id], methods[index], worth, least)
            if pair is not None:
                yield pair


def _pair(
    unit: PythonUnit,
    taken: Taken,
    words: frozenset[str],
    method: Method,
    worth: Mapping[str, float],
    least: float,
) -> Pair | None:
    own = _words(unit.qualname.rpartition(".")[2])
    if not own & method.words or not _words(method.method.name) & words | own & method.words:
        return None
    named = own | _words(method.method.name)
    shared = sum(worth[word] for word in words & method.words)
    others = sum(worth[word] * (1 if word in named else AROUND) for word in words ^ method.words)
    around = {word for part in unit.module.split(".")[:-1] for word in _words(part)}
    elsewhere = around - method.words - {*method.owner.package.casefold().split(".")}
    others += sum(worth.get(word, 0) * ABOVE for word in elsewhere)
    likeness = max(least, shared / (shared + others))
    if likeness < LEAST or not gives_the_same(taken.result, result_type(method.method)):
        return None
    types = method.types
    spread = bool(method.method.flags & VARARGS)
    given = taken.parameters[: len(types) - spread]
    rest = taken.parameters[len(given) :]
    if len(given) < len(types) - spread or any(one.default is None for one in rest):
        return None
    unlike = fitness(given, types)
    if unlike is None:
        return None
    is_plain = not (rest or spread or taken.named_only)
    if not is_plain and not may_be_written(one.name for one in taken.parameters):
        return None
    packages = set(method.owner.package.casefold().split(".")) & set(
        unit.module.casefold().split(".")
    )
    return Pair(unit, taken, method, likeness * EXTRA ** len(rest), len(packages), given, unlike)


def _has_receiver(python: PythonSide, unit: PythonUnit) -> bool | None:
    """Whether a unit is a method whose instance can be had; None for what is no method."""
    outer = unit.qualname.rpartition(".")[0]
    if not outer:
        return None
    made = python.units.get(f"{unit.module}:{outer}.__init__")
    if made is None:
        return True
    taken = taken_by(python.signature(made), True)
    return taken is not None and all(one.default is not None for one in taken.parameters)


def _words_of(unit: PythonUnit) -> frozenset[str]:
    *outer, last = unit.qualname.split(".")
    names = [unit.module.rpartition(".")[2], *outer, last]
    return frozenset(word for name in names for word in _words(name))


def _words(name: str) -> set[str]:
    return {word.casefold() for word in WORDS.findall(name)}


# ---------------------------------------------------------------- what the map would say


def _candidate(python: PythonSide, pair: Pair) -> Candidate:
    method, unit = pair.method, pair.unit
    plain = len(pair.given) == len(pair.taken.parameters) and not pair.taken.named_only
    spread = bool(method.method.flags & VARARGS)
    table = _method_table(method) if plain and not spread else _expression_table(pair)
    return Candidate(
        unit=unit.id,
        java=method.name,
        table=table,
        likeness=round(pair.likeness, 3),
        python_signature=python.signature(unit),
        java_signature=told(method.method),
        file=unit.file,
        line=unit.line,
    )


def _method_table(method: Method) -> dict[str, Any]:
    types = ",".join(_short(one) for one in method.types)
    table = {"java": f"{method.name}({types})"}
    if method.receiver is not None and not method.is_static:
        table["receiver"] = method.receiver
    return table


def _expression_table(pair: Pair) -> dict[str, Any]:
    """An expression gives java what it takes; the rest has to be at its default to count."""
    method = pair.method
    rest = pair.taken.parameters[len(pair.given) :]
    types = dict(zip((one.name for one in pair.given), method.types, strict=False))
    parameters = {name: _short(one) for name, one in types.items()}
    parameters |= {one.name: "Object" for one in rest}
    owner = method.class_name
    receiver = owner if method.is_static else method.receiver or f"new {owner}()"
    arguments = ", ".join(one.name for one in pair.given)
    table: dict[str, Any] = {
        "parameters": parameters,
        "java_expression": f"{receiver}.{method.method.name}({arguments})",
    }
    if rest:
        table["domain"] = " and ".join(_at_default(one) for one in rest)
    return table


def _at_default(one: Parameter) -> str:
    same = "is" if one.default in ("None", "True", "False") else "=="
    return f"{one.name} {same} {one.default}"


def _short(name: str) -> str:
    """A type as sources write it without an import."""
    return name.rpartition(".")[2] if name.startswith(("java.lang.", "java.util.")) else name


def may_be_written(names: Iterable[str]) -> bool:
    """Whether parameters can have these names in Java."""
    return all(name.isidentifier() and name.isascii() and name not in KEYWORDS for name in names)
