"""The files of a project laid out side by side: what their names, imports and classes stand for."""

from __future__ import annotations

import builtins
from collections.abc import Mapping, Sequence
from types import FunctionType
from typing import Any, Final

from parity.scan.effects import DATA, Effects
from parity.scan.linking import Module, star_names
from parity.scan.moving import Moving
from parity.scan.objects import (
    BEYOND,
    CLASS,
    CONTAINER,
    EXTERNAL,
    FAMILY,
    FUNCTION,
    INSTANCE,
    MODULE,
    UNNAMED,
    VALUES,
    Klass,
    linearise,
    near,
)
from parity.scan.stubs import stubs
from parity.scan.summary import STAR, FunctionFacts

OLD_BUILTINS: Final = frozenset(
    "unicode basestring long xrange raw_input reduce unichr file execfile cmp reload apply buffer"
    " intern coerce WindowsError".split()
)
FINAL: Final = frozenset(
    "asyncio.Event asyncio.Future asyncio.Lock asyncio.Task datetime.date datetime.datetime"
    " datetime.time datetime.timedelta decimal.Decimal io.BufferedReader io.BufferedWriter"
    " io.BytesIO io.FileIO io.StringIO io.TextIOWrapper pathlib.Path re.Match re.Pattern"
    " struct.Struct subprocess.Popen uuid.UUID".split()
)
"""Classes of Python's own library that hardly anything is derived from: what has none of their
names is no instance of them."""
GLOBALS: Final = frozenset({"globals", "locals", "vars"})
PUBLISHING: Final = frozenset({"public.public", "public.private"})
"""Functions of the outside that put what they are given by words among a module's names."""
PUBLISHERS: Final = frozenset(name.partition(".")[0] for name in PUBLISHING)


class Linked(Moving):
    """Variables of all files, and what they hold before anything is called."""

    def __init__(self, modules: Sequence[Module], aliases: Mapping[str, str], effects: Effects):
        super().__init__()
        self.modules = list(modules)
        self.aliases = aliases
        self.effects = effects
        self.numbers = {module.source.module: at for at, module in enumerate(modules)}
        self.by_name = {module.source.module: module for module in modules}
        self.packages = {
            name[:at] for name in self.numbers for at, c in enumerate(name) if c == "."
        }
        self.own: list[list[int]] = []
        """By file: its variables as those of all, the same numbers wherever they stand; 0 is 0."""
        self.first_function: list[int] = []
        self.first_class: list[int] = []
        self.functions: list[tuple[int, FunctionFacts]] = []
        self.classes: list[Klass] = []
        self.above: list[frozenset[int]] = []
        self.fields: dict[tuple[int, str], int] = {}
        self.found: dict[tuple[int, str, int], int] = {}
        self.found_below: dict[tuple[int, str, int], list[int]] = {}
        self.calls: list[list[Any]] = []
        self.call_modules: list[int] = []
        self.call_numbers: list[list[int]] = [[] for _ in modules]
        self.targets: dict[int, dict[tuple[int, Any], str]] = {}
        self.bound: set[tuple[int, ...]] = set()
        self.operator_calls: dict[tuple[Any, ...], int] = {}
        self.attributes: dict[tuple[int, str], tuple[int, ...]] = {}
        self.texts: dict[int, dict[str, None]] = {}
        """By variable: the texts that are written there; an empty one is any that is no name."""
        self.dotted: dict[int, str] = {}
        """By variable: the text that is written there, if it may name a thing with its module."""
        self.spreads: dict[int, int] = {}
        """By variable of an `*args` that is given nothing else: the tuple that it is."""
        self.libraries: set[str] = set()
        """Names outside of the project that are known to be those of modules."""
        self.module_writes: list[tuple[int, str, int, int]] = []
        self._lay_out()
        self.defined = {name for klass in self.classes for name in klass.names}

    def done_by(self, obj: int) -> str:
        """What the tables say that something of the outside does; nothing of what is `pure`, or of
        what nothing but a name is known."""
        name = self.objects.of[obj][1]
        kind = self.effects.kind_of(name)
        return "" if kind in ("pure", "stateful") or name.startswith("?") else kind

    def _lay_out(self) -> None:
        for at, module in enumerate(self.modules):
            self.first_function.append(len(self.functions))
            self.first_class.append(len(self.classes))
            self.functions += [(at, facts) for facts in module.summary.functions]
            own = [0, *range(self.size + 1, self.size + module.summary.size)]
            self.own.append(own)
            for one in module.summary.classes:
                names = {name: own[variable] for name, variable in one.names.items()}
                bases = [own[base] for base in one.bases if base]
                self.classes.append(
                    Klass(
                        at,
                        one.qualname,
                        one.line,
                        names,
                        bases,
                        one.fields,
                        one.decorators,
                        own[one.meta],
                        frozenset(one.declared),
                    )
                )
            self.size += module.summary.size

    def var(self, module: int, variable: int) -> int:
        """The variable of a file as one of all; 0 stays 0."""
        return self.own[module][variable]

    def _function_number(self, at: int, function: int) -> int:
        """The number among all of a function of a file."""
        return self.first_function[at] + function

    def _seed(self, at: int) -> None:
        summary, own = self.modules[at].summary, self.own[at]
        number = self.objects.number
        for variable, name, text in summary.externals:
            if text is None:
                self.add(own[variable], self.objects.external(name))
            else:
                is_name = text.isidentifier() or not text
                self.texts[own[variable]] = {text if is_name else "": None}
                if not is_name:
                    self.dotted[own[variable]] = text
                self.add(own[variable], self.objects.written)
        for variable, function in summary.is_function:
            self.add(own[variable], number(FUNCTION, self._function_number(at, function)))
        for variable, klass in summary.is_class:
            self.add(own[variable], number(CLASS, self.first_class[at] + klass))
        for variable, kind in summary.containers:
            self.add(own[variable], number(CONTAINER, own[variable], kind))
        for to, source in summary.copies:
            self._tie(own[source], own[to])
        given = {to for to, _ in summary.copies}
        for facts in summary.functions:
            for _, variable, kind in facts.params:
                if kind == STAR and variable not in given:
                    self.spreads[own[variable]] = number(CONTAINER, own[variable], "tuple")
        sourced = self._sourced(summary.imports)
        plain = {row[0] for row in summary.externals if row[1].startswith("builtins.")}
        sourced |= {to for to, source in summary.copies if source not in plain}
        for variable, module, member, *_ in summary.imports:
            name = self.module_name(module)
            if variable and not (variable in sourced and self._is_compiled(name)):
                self._import(own[variable], name, member)
        for name, variable in summary.free.items():
            self._free(at, name, own[variable])

    def module_name(self, name: str) -> str:
        """The name that a module has in this scan."""
        if name in self.numbers or name in self.packages:
            return name
        if name in self.aliases:
            return self.aliases[name]
        top, _, rest = name.partition(".")
        return f"{self.aliases[top]}.{rest}" if top in self.aliases and rest else name

    def _sourced(self, imports: Sequence[Sequence[Any]]) -> set[int]:
        """Variables that some import gives what has a source here."""
        found: set[int] = set()
        for variable, module, member, *_ in imports:
            name = self.module_name(module)
            whole = f"{name}.{member}"
            if name in self.numbers or whole in self.numbers or whole in self.packages:
                found.add(variable)
        return found

    def _is_compiled(self, name: str) -> bool:
        """Whether a module of a package of the project has no source in Python: where another
        import, or a definition, gives the same name (`except ImportError:`), that stands for
        both."""
        parent = name.rpartition(".")[0]
        return parent in self.numbers and name not in self.numbers and name not in self.packages

    def _import(self, to: int, module: str, member: str | None) -> None:
        if module not in self.numbers and module not in self.packages:
            whole = self.effects.plain(f"{module}.{member}" if member else module)
            if not member:
                self.libraries.add(whole)
            self.add(to, self.objects.external(whole))
        elif member is None:
            self.add(to, self.objects.number(MODULE, module))
        else:
            self._member(to, module, member)

    def _member(self, to: int, module: str, name: str) -> None:
        """What `module.name` is, into a variable."""
        providers = self._providers(module, name)
        for source in providers:
            self.flow(source, to)
        whole = f"{module}.{name}"
        if whole in self.numbers or whole in self.packages:
            self.add(to, self.objects.number(MODULE, whole))
        for outside in self._outside_stars(module) if not providers else ():
            self.add(to, self.objects.external(f"{outside}.{name}"))
        if not providers:
            self._put_among_globals(to, module, name)
        key = (self.objects.number(MODULE, module), name)
        self.flow(self._field(key), to)

    def _globals_of(self, at: int) -> int:
        """The names of a module as a dict."""
        return self.objects.number(CONTAINER, ("globals", at), "dict")

    def _put_among_globals(self, to: int, module: str, name: str) -> None:
        """What modules that have a name nowhere may have put under it into their `globals()`."""
        for one in [module, *star_names(self.by_name, module, {module})]:
            at = self.numbers.get(self.module_name(one))
            if at is not None and self._names_globals(at):
                for key in (UNNAMED, f"[{name}"):
                    self.flow(self._field((self._globals_of(at), key)), to)

    def _names_globals(self, at: int) -> bool:
        """Whether a module asks for its names as a dict, or imports what puts something there."""
        summary = self.modules[at].summary
        if not GLOBALS.isdisjoint(summary.free):
            return True
        return any(row[1] in PUBLISHERS for row in summary.imports)

    def _publish(self, number: int) -> None:
        """What a call is given by words stands among the names of its module."""
        made = self._globals_of(self.call_modules[number])
        for word, arg in self.calls[number][3]:
            self.flow(arg, self._field((made, f"[{word}")))

    def _providers(self, module: str, name: str) -> list[int]:
        for one in [module, *star_names(self.by_name, module, {module})]:
            one = self.module_name(one)
            if one in self.numbers:
                at = self.numbers[one]
                variable = self.modules[at].summary.names.get(name)
                if variable is not None:
                    return [self.own[at][variable]]
        return []

    def _outside_stars(self, module: str) -> list[str]:
        names = map(self.module_name, star_names(self.by_name, module, {module}))
        return [name for name in names if name not in self.numbers]

    def _free(self, at: int, name: str, variable: int) -> None:
        module = self.modules[at].source.module
        found = self._providers(module, name) if self.modules[at].summary.stars else []
        for one in found:
            self.flow(one, variable)
        if found:
            return
        if hasattr(builtins, name) or name in OLD_BUILTINS:
            self.add(variable, self.objects.external(f"builtins.{name}"))
        elif name in ("__file__", "__name__", "__doc__", "__package__"):
            self.add(variable, self.objects.external("builtins.str()"))
        else:
            for outside in self._outside_stars(module):
                self.add(variable, self.objects.external(f"{outside}.{name}"))
            self._put_among_globals(variable, module, name)

    def _static_load(self, to: int, name: str, obj: int) -> None:
        key = self.objects.of[obj]
        if key[0] == MODULE:
            self._member(to, key[1], name)
        elif key[0] == EXTERNAL:
            for one in self.outside_attribute(obj, name):
                self.add(to, one)
        elif key[0] == CLASS and name in self.classes[key[1]].names:
            self.flow(self.classes[key[1]].names[name], to)

    def outside_attribute(self, obj: int, name: str) -> tuple[int, ...]:
        """What a name of the outside gives by a further one: what the stubs of Python's own library
        say, nothing where a value of a builtin type or a function has no such attribute."""
        found = self.attributes.get((obj, name))
        if found is None:
            of = self.objects.of[obj][1]
            whole = self.effects.plain(f"{of}.{name}")
            given: tuple[str, ...] = ()
            if of.endswith(BEYOND) and name in DATA:  # as it is of what is less far
                of_kind = next(one for one in VALUES if hasattr(VALUES[one], name))
                given = (f"{of_kind}.{name}",)
            elif lacks_attribute(of, name):
                pass
            else:
                given = stubs().holds.get(whole) or (near(whole),)
            found = self.attributes[(obj, name)] = tuple(map(self.objects.external, given))
        return found

    def _set_classes(self) -> None:
        parents: list[list[int]] = []
        for klass in self.classes:
            above: list[int] = []
            for base in klass.bases:
                for one in sorted(self.holds.get(base, ())):
                    key = self.objects.of[one]
                    if key[0] == CLASS:
                        above.append(key[1])
                    elif key[0] == EXTERNAL:
                        klass.outside.append(key[1])
                if not self.holds.get(base):
                    klass.outside.append("?")
            parents.append(list(dict.fromkeys(above)))
        linearise(self.classes, parents)
        self.above = [frozenset(klass.mro) for klass in self.classes]
        self._set_metas()

    def _set_metas(self) -> None:
        """The metaclasses of each class: its own, and those of the classes above it."""
        given = [
            [
                *self._held(klass.meta, CLASS),
                *(meta for base in klass.bases for meta in self._held(base, INSTANCE)),
            ]
            for klass in self.classes
        ]
        for klass in self.classes:
            klass.metas = list(dict.fromkeys(one for above in klass.mro for one in given[above]))

    def _held(self, variable: int, kind: int) -> list[int]:
        """The classes that a variable holds, or those of the instances that it holds."""
        keys = map(self.objects.of.__getitem__, sorted(self.holds.get(variable, ())))
        return [key[1] for key in keys if key[0] == kind]

    def _field(self, key: tuple[int, str]) -> int:
        found = self.fields.get(key)
        if found is None:
            found = self.fields[key] = self.new()
        return found

    def find(self, klass: int, name: str, after: int = -1) -> int:
        """The variable of a name in a class or those above it; after one of them, for super."""
        if name not in self.defined:
            return 0
        key = (klass, name, after)
        found = self.found.get(key)
        if found is None:
            found = self.found[key] = self._find(klass, name, after)
        return found

    def _find(self, klass: int, name: str, after: int) -> int:
        mro = self.classes[klass].mro
        start = mro.index(after) + 1 if after in mro else 0
        for one in mro[start:]:
            variable = self.classes[one].names.get(name)
            if variable is not None:
                return variable
        return 0

    def family(self, klass: int) -> int:
        """Any instance of a class or of one below it, as one object."""
        kind = FAMILY if self.classes[klass].below else INSTANCE
        return self.objects.number(kind, klass)

    def members(self, klass: int) -> list[int]:
        """The classes of a family."""
        return [klass, *self.classes[klass].below]

    def distinct(self, klass: int, name: str, after: int = -1) -> list[int]:
        """The variables of a name in the classes of a family, each once; 0 where one has none."""
        if name not in self.defined:
            return [0]
        key = (klass, name, after)
        found = self.found_below.get(key)
        if found is None:
            found = list(dict.fromkeys(self.find(one, name, after) for one in self.members(klass)))
            self.found_below[key] = found
        return found

    def _outward(self, number: int, name: str) -> None:
        self.targets.setdefault(number, {}).setdefault((EXTERNAL, name), "outside")

    def _site_of(self, number: int) -> tuple[int, int, int]:
        """Function, line and module of a call."""
        call = self.calls[number]
        return call[7], call[6], self.call_modules[number]

    def _add_call(self, call: list[Any], at: int) -> int:
        self.calls.append(call)
        self.call_modules.append(at)
        return len(self.calls) - 1


def lacks_attribute(value: str, name: str) -> bool:
    """Whether a value of a builtin type, as it is named, or a function of Python's own library,
    cannot have an attribute."""
    if value[:-2] in FINAL and not name.startswith("_"):
        known = stubs().has.get(value[:-2])
        return known is not None and name not in known
    kind = FunctionType if value in stubs().functions else VALUES.get(value)
    return kind is not None and not hasattr(kind, name)
