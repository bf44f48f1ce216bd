"""Which Java replaces which unit: the map says it, then `@PortedFrom`, then names.

Nothing is guessed twice: where two classes fit a name equally well, both are told and none is
taken.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

from parity.counterparts import (
    PUBLIC,
    SYNTHETIC,
    Counterpart,
    Counterparts,
    How,
    JavaClass,
    JavaMethod,
    Odd,
    PythonUnit,
)
from parity.errors import did_you_mean
from parity.ledger.annotated import written_types
from parity.mapping.references import class_of, method_of, types_of
from parity.sides.java.classfiles import (
    ClassIndex,
    is_of_the_jdk,
    parameter_types,
    same_types,
    told,
)
from parity.units import Unit
from parity.values.words import pascal_case

HANDLERS: Final = (
    "com.amazonaws.services.lambda.runtime.RequestHandler",
    "com.amazonaws.services.lambda.runtime.RequestStreamHandler",
)
SUFFIXES: Final = ("Handler", "Lambda", "Function")
"""What teams write behind the name of a handler."""
ENTRIES: Final = frozenset({"handler", "handle", "lambda_handler"})
"""Functions that are named for what they are: their module's name says what they do."""
TESTS: Final = "/test-classes/"
WORDS: Final = re.compile(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")
FEW: Final = 200
SAY: Final = "say in the map, or with @PortedFrom, which it is"
CONSTRUCTS: Final = ("new", "<init>")


@dataclass(frozen=True, slots=True)
class PythonSide:
    """What the sources hold: units by id, what a module binds, and a unit's signature."""

    units: Mapping[str, PythonUnit]
    binds: Callable[[str, str], bool | None]
    """Whether a module binds a qualified name; None where that cannot be told by reading."""
    signature: Callable[[PythonUnit], str]

    def has(self, unit_id: str) -> bool | None:
        """Whether there is such a unit; None where that cannot be told."""
        module, _, qualname = unit_id.partition(":")
        return True if unit_id in self.units else self.binds(module, qualname)


@dataclass
class Matching:
    """Finds the counterparts of a project."""

    units: Sequence[Unit]
    """Those of the map."""
    python: PythonSide
    classes: ClassIndex
    annotated: Sequence[tuple[str, str]]
    """Unit and counterpart of each `@PortedFrom`."""
    looked: bool
    quick: bool = False
    """Only what replaces what: no signatures, no look-ups, nothing that does not fit."""
    odd: list[Odd] = field(default_factory=list)
    found: dict[str, Counterpart] = field(default_factory=dict)
    _split: dict[str, frozenset[str]] = field(default_factory=dict)

    def counterparts(self) -> Counterparts:
        """All that there are, and all that does not fit."""
        for unit in self.units:
            self._mapped(unit)
        self._annotated()
        free = [
            unit
            for unit in self.python.units.values()
            if unit.id not in self.found and not self._is_of_a_whole(unit.id)
        ]
        if self.looked:
            self._names(free)
            self._only_entry()
            if not self.quick:
                self._handlers_without_units()
        without = [unit.id for unit in free if unit.id not in self.found]
        return Counterparts(
            found=tuple(self.found[unit_id] for unit_id in sorted(self.found)),
            odd=tuple(sorted(self.odd, key=lambda one: (one.kind, one.unit, one.java))),
            without=tuple(without),
            classes=len(self.classes),
            looked=self.looked,
        )

    def _is_of_a_whole(self, unit_id: str) -> bool:
        """Whether it is a method of a class that has a counterpart as a whole."""
        outer = unit_id.rpartition(".")[0]
        while ":" in outer:
            if outer in self.found:
                return True
            outer = outer.rpartition(".")[0]
        return False

    # ------------------------------------------------------------ the map

    def _mapped(self, unit: Unit) -> None:
        if self.quick:
            self._take(unit.id, unit.java_text, "map", "", checked=False)
            return
        if unit.reference is not None and self.python.has(unit.reference) is False:
            known = [*self.python.units]
            near = self._near(unit.id, _of_module(known, unit.id) or known)
            why = "the map names it, and the sources have no such function, method or class"
            self._conflict(unit.id, unit.java_text, why, near or "mend the map, or add `was`")
        signature, checked = self._checked(unit.id, unit.java) if unit.java else ("", False)
        self._take(unit.id, unit.java_text, "map", signature, checked=checked)

    def _checked(self, unit_id: str, java: str) -> tuple[str, bool]:
        """The signature of a counterpart that is written in full; tells where it is not there."""
        name, method = class_of(java), method_of(java)
        if is_of_the_jdk(name) or not self.looked:
            return "", False
        owner = self.classes.of(name)
        if owner is None:
            last = name.rpartition(".")[2]
            hint = self._near(name, self._like(last)) or "build it, or mend the map"
            self._conflict(unit_id, java, f"there is no class `{name}`", hint)
            return "", False
        if method is None:
            return self._signature_of_class(owner), True
        if method in CONSTRUCTS:
            return "", True
        named, whole = self._methods(owner, method)
        if not named:
            if whole:
                names = sorted({one.name for one in owner.methods})
                hint = self._near(method, names) or f"it has {', '.join(names[:8]) or 'none'}"
                self._conflict(unit_id, java, f"`{name}` has no method `{method}`", hint)
            return "", False
        types = types_of(java)
        if types is not None:
            fitting = [one for one in named if same_types(one, types)]
            if not fitting and whole:
                hint = f"there is {'; '.join(told(one) for one in named[:4])}"
                self._conflict(unit_id, java, "no overload has these parameter types", hint)
            named = fitting
        return "; ".join(told(one) for one in named[:3]), bool(named)

    def _methods(self, owner: JavaClass, name: str) -> tuple[list[JavaMethod], bool]:
        """Methods of a name, inherited ones too; and whether all that is above could be read."""
        found = [one for one in owner.methods if one.name == name]
        whole = True
        for above in self.classes.ancestors(owner):
            if isinstance(above, str):
                whole = False
            elif not found:
                found = [one for one in above.methods if one.name == name]
        return found, whole

    def _signature_of_class(self, owner: JavaClass) -> str:
        if self._is_handler(owner):
            handles = [one for one in owner.methods if one.name == "handleRequest"]
            return "; ".join(told(one) for one in handles[:1])
        return f"class {owner.simple_name}"

    def _like(self, simple: str) -> list[str]:
        names = [name for name, _ in self.classes.declared()]
        return [name for name in names if name.rpartition(".")[2] == simple] or names

    # ------------------------------------------------------------ @PortedFrom

    def _annotated(self) -> None:
        said: dict[str, list[str]] = {}
        for unit_id, java in self.annotated:
            said.setdefault(unit_id, []).append(java)
        mapped = {old: unit.id for unit in self.units for old in unit.was}
        for unit_id, javas in sorted(said.items()):
            if unit_id in self.found:
                self._beside_the_map(unit_id, javas)
                continue
            if unit_id in mapped:
                hint = f'write @PortedFrom("{mapped[unit_id]}")'
                why = f"@PortedFrom names what `{mapped[unit_id]}` was called before"
                self.odd += [Odd("near", unit_id, java, why, hint) for java in javas]
                continue
            if self.python.has(unit_id) is False:
                near = self._near(unit_id, [*self.python.units])
                why = "@PortedFrom names it, and the sources have no such unit"
                for java in javas:
                    self._conflict(unit_id, java, why, near or "mend the annotation")
            if len(javas) > 1:
                why = f"two counterparts carry its @PortedFrom: {', '.join(javas)}"
                self._conflict(unit_id, javas[0], why, "keep one, or say in the map which it is")
                continue
            signature, checked = self._checked(unit_id, javas[0])
            self._take(unit_id, javas[0], "annotation", signature, checked=checked)

    def _beside_the_map(self, unit_id: str, javas: Iterable[str]) -> None:
        mapped = self.found[unit_id].java
        for java in javas:
            if _bare(java) != _bare(mapped):
                why = f"it carries @PortedFrom, but the map names {mapped}, which wins"
                self.odd.append(Odd("near", unit_id, java, why, "drop the one that is wrong"))

    # ------------------------------------------------------------ names

    def _names(self, free: Sequence[PythonUnit]) -> None:
        """Takes what names say where one unit and one counterpart find one another."""
        taken = {_bare(one.java) for one in self.found.values()}
        claims: dict[str, list[tuple[PythonUnit, str, str]]] = {}
        for unit in free:
            candidates = [one for one in self._candidates(unit) if _bare(one[1]) not in taken]
            best = max((score for score, _, _ in candidates), default=0)
            chosen = {java: signature for score, java, signature in candidates if score == best}
            if len(chosen) > 1:
                why = f"by name it may be {' or '.join(sorted(chosen)[:4])}"
                self.odd.append(Odd("near", unit.id, sorted(chosen)[0], why, SAY))
            for java, signature in chosen.items() if len(chosen) == 1 else ():
                claims.setdefault(_bare(java), []).append((unit, java, signature))
        for claimed in claims.values():
            if len(claimed) == 1:
                unit, java, signature = claimed[0]
                self._take(unit.id, java, "name", signature, checked=True)
                continue
            for unit, java, _ in claimed:
                others = [one.id for one, _, _ in claimed if one.id != unit.id]
                why = f"its name fits, and so does that of {', '.join(others[:4])}"
                self.odd.append(Odd("near", unit.id, java, why, SAY))

    def _candidates(self, unit: PythonUnit) -> Iterator[tuple[int, str, str]]:
        """How well the packages fit, the counterpart, and its signature."""
        *outer, last = unit.qualname.split(".")
        if last.startswith("__") or "<" in unit.qualname:
            return
        module = unit.module.split(".")
        if not outer:
            for owner in self._handlers(unit):
                yield _package_fit(owner, module), owner.name, self._signature_of_class(owner)
        owners = outer[-1:] or [pascal_case(module[-1])]
        for owner in self._simple.get(owners[0].strip("_"), ()):
            if not owner.flags & PUBLIC:
                continue
            named = [one for one in owner.methods if one.name in (_method_name(last), last)]
            named = [one for one in named if one.flags & PUBLIC and not one.flags & SYNTHETIC]
            fitting = [one for one in named if self._takes_as_many(unit, one)]
            if len(fitting) == 1:
                parents = module[:-1] if not outer else module
                java = f"{owner.name.replace('$', '.')}#{fitting[0].name}"
                if len(named) > 1:
                    java += written_types(fitting[0])
                yield _package_fit(owner, parents), java, told(fitting[0])
            elif named:
                java = f"{owner.name}#{named[0].name}"
                why = (
                    f"its name fits, and its parameters do not: {'; '.join(map(told, named[:3]))}"
                    if not fitting
                    else f"several overloads fit: {'; '.join(map(told, fitting[:3]))}"
                )
                self.odd.append(Odd("near", unit.id, java, why, SAY))

    def _handlers(self, unit: PythonUnit) -> list[JavaClass]:
        """Handlers of the name of a function: those of the very name, else with a suffix."""
        for name in _names_of_handlers(unit):
            found = [one for one in self._simple.get(name, ()) if self._is_handler(one)]
            if found:
                return found
        return []

    def _takes_as_many(self, unit: PythonUnit, method: JavaMethod) -> bool:
        given = [one for one in unit.requires if not one.startswith("*")]
        if "." in unit.qualname and given and given[0] in ("self", "cls"):
            given = given[1:]
        count = len(parameter_types(method))
        return count == len(given) or (len(given) < len(unit.requires) and count > len(given))

    def _only_entry(self) -> None:
        """The one handler that is left is the one function that is called a handler."""
        entries = [
            unit
            for unit in self.python.units.values()
            if unit.qualname in ENTRIES and unit.id not in self.found and _takes_an_event(unit)
        ]
        handlers = list(self._free_handlers())
        owner = self.classes.of(handlers[0]) if len(handlers) == len(entries) == 1 else None
        if owner is not None:
            signature = self._signature_of_class(owner)
            self._take(entries[0].id, owner.name, "name", signature, checked=True)

    def _free_handlers(self) -> Iterator[str]:
        """Handlers of the project that are no unit's counterpart."""
        taken = {class_of(one.java) for one in self.found.values()}
        for name, row in self.classes.declared():
            is_taken = name.replace("$", ".") in taken or name in taken
            is_test = TESTS in self.classes.rows[name][1]
            if not (is_taken or is_test) and any(one in HANDLERS for one in row[2]):
                yield name

    def _handlers_without_units(self) -> None:
        free = [unit for unit in self.python.units.values() if unit.id not in self.found]
        known = {pascal_case(unit.qualname.rpartition(".")[2]): unit.id for unit in free}
        for name in self._free_handlers():
            simple = name.rpartition(".")[2].rpartition("$")[2]
            near = self._near(simple, sorted(known)) if known else ""
            for upper, unit_id in known.items():
                near = near.replace(f"`{upper}`", f"`{unit_id}`")
            why = "it is a handler, and no unit has it as its counterpart"
            self.odd.append(Odd("near", "", name, why, near))

    @cached_property
    def _simple(self) -> dict[str, list[JavaClass]]:
        """Classes of the project by their simple names; those inside of others too."""
        wanted = set()
        for unit in self.python.units.values():
            *outer, last = unit.qualname.split(".")
            wanted.update(_names_of_handlers(unit) if not outer else [pascal_case(last)])
            wanted.add(
                outer[-1].strip("_") if outer else pascal_case(unit.module.rpartition(".")[2])
            )
        found: dict[str, list[JavaClass]] = {}
        for name, _ in self.classes.declared():
            simple = name.rpartition(".")[2].rpartition("$")[2]
            if simple in wanted:
                one = self.classes.of(name)
                if one is not None and not one.flags & SYNTHETIC:
                    found.setdefault(simple, []).append(one)
        return found

    def _is_handler(self, owner: JavaClass) -> bool:
        if any(one in HANDLERS for one in owner.interfaces):
            return True
        return any(
            above in HANDLERS if isinstance(above, str) else above.name in HANDLERS
            for above in self.classes.ancestors(owner)
        )

    # ------------------------------------------------------------ what was found

    def _take(self, unit_id: str, java: str, how: How, signature: str, *, checked: bool) -> None:
        unit = self.python.units.get(unit_id)
        self.found[unit_id] = Counterpart(
            unit=unit_id,
            java=java,
            how=how,
            python_signature=self.python.signature(unit) if unit and not self.quick else "",
            java_signature=signature,
            file=unit.file if unit is not None else "",
            line=unit.line if unit is not None else 0,
            checked=checked,
        )

    def _near(self, word: str, known: Sequence[str]) -> str:
        """`did you mean …?`; among many names only those that share a word, or how they begin."""
        if len(known) > FEW:
            words = _words(word)
            sharing = [one for one in known if words & self._words_of(one)]
            start = word.rpartition(":")[2].rpartition(".")[2][:2].casefold()
            known = (
                sharing
                or [
                    one
                    for one in known
                    if one.rpartition(":")[2].rpartition(".")[2].casefold().startswith(start)
                ]
            )[:FEW]
        return did_you_mean(word, known)

    def _words_of(self, name: str) -> frozenset[str]:
        found = self._split.get(name)
        if found is None:
            found = self._split[name] = _words(name)
        return found

    def _conflict(self, unit_id: str, java: str, why: str, hint: str) -> None:
        self.odd.append(Odd("conflict", unit_id, java, why, hint))


def _words(name: str) -> frozenset[str]:
    """The words of the last part of a name, in small letters."""
    last = name.rpartition(":")[2].rpartition(".")[2]
    return frozenset(one.casefold() for one in WORDS.findall(last) if len(one) > 2)


def _takes_an_event(unit: PythonUnit) -> bool:
    """Whether a function takes what Lambda gives: an event, and perhaps a context."""
    first, *rest = [one.lstrip("*") for one in unit.requires] or [""]
    return rest == ["context"] or (first == "event" and len(rest) < 2)


def _names_of_handlers(unit: PythonUnit) -> list[str]:
    """What the handler of a function may be called, the surest first."""
    module = unit.module.rpartition(".")[2]
    names = [pascal_case(unit.qualname)]
    if unit.qualname in ENTRIES:
        names.append(pascal_case(module))
    return [name + suffix for suffix in ("", *SUFFIXES) for name in names]


def _method_name(name: str) -> str:
    joined = pascal_case(name)
    return joined[:1].lower() + joined[1:]


def _package_fit(owner: JavaClass, parents: Sequence[str]) -> int:
    """How many of the last parts of a module's name are the last parts of the package's."""
    package = owner.package.casefold().split(".")
    wanted = [part.replace("_", "").casefold() for part in parents]
    fit = 0
    while fit < min(len(package), len(wanted)) and package[-1 - fit] == wanted[-1 - fit]:
        fit += 1
    return fit


def _of_module(known: Iterable[str], unit_id: str) -> list[str]:
    module = unit_id.partition(":")[0]
    return [one for one in known if one.partition(":")[0] == module]


def _bare(java: str) -> str:
    """A counterpart without the types of its parameters."""
    return java.partition("(")[0].replace("$", ".").strip()
