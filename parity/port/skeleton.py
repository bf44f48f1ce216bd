"""Java for units of which only the bodies are left: classes, records, ports, tests, map entries."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.model import Fixture, Form
from parity.port import names
from parity.port.reading import LINE_END, Declared, Module, PythonClass, PythonParameter
from parity.port.types import (
    OBJECT,
    JavaType,
    holds,
    of_hint,
    of_values,
    settled,
)

ANNOTATION: Final = "parity.PortedFrom"
TEMPLATES: Final = Path(__file__).parent / "templates"
LONGEST: Final = 100
DECLARATION: Final = re.compile(r"\s*(public|[A-Z]\w*[\w<>, \[\]]* \w+\().*[{;}]$")
ESCAPED: Final = re.compile(r"\\(?=u)")


Classes = Callable[[str], tuple[PythonClass, Module] | None]
"""The class of the project that an id names, and its module."""


@dataclass(frozen=True, slots=True)
class Source:
    """A unit to be ported: where it stands, and what was recorded of it."""

    id: str
    module: Module
    declared: Declared
    fixtures: Sequence[Fixture]
    fixture_file: str
    event: str | None = None
    """The parameter that is the Lambda event, where there is one."""
    values: Mapping[int, Sequence[str]] = field(default_factory=dict)
    """What expressions of a line of the module were when fixtures ran."""


@dataclass(frozen=True, slots=True)
class Started:
    """What was made of a unit: the counterpart, and its table for the map."""

    id: str
    java: str
    table: str


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Files to be written, by their path below the folder of main or test sources."""

    main: Mapping[str, str]
    test: Mapping[str, str]
    units: tuple[Started, ...]
    tables: Mapping[str, str]
    """Tables for the map by their names, of units and ports."""


@dataclass
class _Own:
    """A class of the port that stands for one of the project."""

    kind: str
    name: str
    package: str
    fields: dict[str, JavaType] = field(default_factory=dict)
    constants: list[str] = field(default_factory=list)
    methods: list[dict[str, Any]] = field(default_factory=list)
    imports: set[str] = field(default_factory=set)


class Porter:
    """Makes the skeleton of some units, so that what they share is made once."""

    def __init__(self, base: str, *, handlers: bool, classes: Classes) -> None:
        self._base = base
        self._handlers = handlers
        self._classes = classes
        self._taken = names.Taken()
        self._own: dict[str, _Own] = {}
        self._objects: dict[str, list[Mapping[str, Form]]] = {}
        self._constants: dict[str, list[str]] = {}
        self._calls: dict[str, dict[str, int]] = {}
        self._resolved: set[str] = set()

    def skeleton(self, sources: Sequence[Source]) -> Skeleton:
        """All files and tables of these units."""
        groups: dict[str, list[Source]] = {}
        for one in sources:
            groups.setdefault(_group(one.id), []).append(one)
            for fixture in one.fixtures:
                self._collect([fixture.args, dict(fixture.kwargs), fixture.self_state])
                self._collect((fixture.observed or {}).get("returned"))
                self._collect_ports(fixture)
        main: dict[str, str] = {}
        test: dict[str, str] = {}
        started: list[Started] = []
        tables: dict[str, str] = {}
        for group, members in groups.items():
            file, text, units = self._group(group, members)
            main[file] = text
            for source, unit in zip(members, units, strict=True):
                started.append(unit)
                tables[f'unit."{unit.id}"'] = unit.table
                name = names.upper(source.id.partition(":")[2].replace(".", "_"))
                name = self._taken.simple(f"{name}Test", f"test {source.id}")
                package = self._package(source.id)
                path = f"{package.replace('.', '/')}/{name}.java"
                test[path] = self._test(source, package, name)
        for unit_id in self._calls:
            self._recorded(unit_id, "$port")
        for unit_id, own in [*self._own.items()]:
            path = f"{own.package.replace('.', '/')}/{own.name}.java"
            if path not in main:
                main[path] = self._declare(unit_id, own)
                if own.kind == "class":
                    tables[f'port."{unit_id}"'] = _port_table(unit_id, own)
        return Skeleton(main, test, tuple(started), tables)

    # ------------------------------------------------------------ units

    def _group(self, group: str, members: Sequence[Source]) -> tuple[str, str, list[Started]]:
        package = self._package(group)
        name = names.upper(group.rpartition(":")[2].rpartition(".")[2])
        if group in self._calls:  # the interface of the port has its name
            name = self._taken.simple(f"Default{name}", f"default {group}")
        owner = group if group not in self._calls else f"default {group}"
        if self._is_enum(group):  # its constants are an enum, which has its name
            name, owner = f"{name}Methods", f"methods {group}"
        name = self._taken.simple(name, owner)
        one = members[0]
        if self._handlers and group == one.id:
            return self._handler(one, package, name)
        imports = {ANNOTATION}
        fields = self._state(group, members) if group != one.id else {}
        for kind in fields.values():
            imports |= self._imports(kind, package)
        units = [self._unit(source, imports, package) for source in members]
        _tell_apart(units, {(f"get{names.upper(name)}", "") for name in fields})
        text = _render(
            "class.java.j2",
            package=package,
            imports=sorted(imports),
            doc=_doc(f"Ported from {{@code {group}}}."),
            name=name,
            fields=_fields(fields, f"`{group}` holds it as"),
            only_static=all(unit["static"] for unit in units),
            units=units,
        )
        started = [
            self._started(source, unit, f"{package}.{name}#{unit['method']}({unit['erased']})")
            for source, unit in zip(members, units, strict=True)
        ]
        return f"{package.replace('.', '/')}/{name}.java", text, started

    def _is_enum(self, group: str) -> bool:
        there = self._classes(group)
        return there is not None and there[0].kind == "enum"

    def _handler(self, one: Source, package: str, name: str) -> tuple[str, str, list[Started]]:
        unit = self._unit(one, set(), package)
        whole = one.event is not None or [p.name for p in one.declared.parameters] == ["event"]
        imports = {ANNOTATION} | ({"java.util.Map"} if not whole else set())
        unit["boxed"] = "Object"
        unit["takes"] = f"{{@code {unit['parameters']}}}" if unit["parameters"] else "nothing"
        text = _render(
            "handler.java.j2",
            package=package,
            imports=sorted(imports),
            name=name,
            unit=unit,
            event="Object" if whole else "Map<String, Object>",
        )
        table = f'[unit."{one.id}"]\njava = "{package}.{name}"\n'
        if one.event is not None:
            table += f'event = "{one.event}"\n'
        started = Started(one.id, f"{package}.{name}", table)
        return f"{package.replace('.', '/')}/{name}.java", text, [started]

    def _unit(self, source: Source, imports: set[str], package: str) -> dict[str, Any]:
        declared = source.declared
        types = self._parameters(source)
        told = [one.observed for one in source.fixtures if one.observed is not None]
        observed = [one["returned"] for one in told if "returned" in one]
        hint = of_hint(declared.returns, self._resolver(source.module))
        returns = hint if hint is not None else self._seen(observed) or OBJECT
        for kind in [*types.values(), returns]:
            imports |= self._imports(kind, package)
        inside = _once([names.lower(name) for name in types])
        shown = [f"{kind.text} {name}" for kind, name in zip(types.values(), inside, strict=True)]
        qualname = source.id.partition(":")[2]
        return {
            "id": source.id,
            "doc": _doc(declared.doc or f"Ported from {{@code {source.id}}}."),
            "static": "." not in qualname or declared.static,
            "returns": returns.text,
            "method": names.method(qualname.rpartition(".")[2]),
            "parameters": ", ".join(shown),
            "erased": ",".join(kind.erased for kind in types.values()),
            "python": [_comment(line) for line in _beside(declared, source.values)],
            "order": _order(declared.parameters),
            "names": any(self._has_other_names(kind) for kind in [*types.values(), returns]),
        }

    def _started(self, source: Source, unit: Mapping[str, Any], java: str) -> Started:
        lines = [f'[unit."{source.id}"]', f'java = "{java}"']
        if unit["names"]:
            lines.append('names = "camel"')
        if unit["order"]:
            lines.append(f"order = [{', '.join(_quoted(one) for one in unit['order'])}]")
        return Started(source.id, java, "\n".join(lines) + "\n")

    def _parameters(self, source: Source) -> dict[str, JavaType]:
        """The type of each parameter: that of its hint where all recorded values fit it."""
        resolve = self._resolver(source.module)
        given = _given(source.declared.parameters, source.fixtures)
        types: dict[str, JavaType] = {}
        for one in source.declared.parameters:
            values = given[one.name]
            hint = of_hint(one.hint, resolve)
            if one.kind == "args":
                hint = JavaType("List", (hint or OBJECT,))
            elif one.kind == "kwargs":
                hint = JavaType("Map", (JavaType("String"), hint or OBJECT))
            types[one.name] = self._chosen(hint, values)
        return types

    def _state(self, group: str, members: Sequence[Source]) -> dict[str, JavaType]:
        """The fields of a receiver, as it was recorded."""
        states = [one.self_state for source in members for one in source.fixtures if one.has_self]
        kept = [one["$object"][1] for one in states if isinstance(one, dict) and "$object" in one]
        found: dict[str, JavaType] = {}
        for name in dict.fromkeys(name for one in kept for name in one):
            found[name] = self._chosen(None, [one[name] for one in kept if name in one])
        there = self._classes(group)
        if not found and there is not None and there[0].kind == "record":
            known = self._of_class(*there)  # its fields are its state, as far as hints tell
            found = dict(self._own[known.own].fields) if known is not None else {}
        return found

    # ------------------------------------------------------------ types

    def _chosen(self, hint: JavaType | None, values: Sequence[Form]) -> JavaType:
        seen = of_values(values, self._recorded) if values else None
        if seen is None or (hint is not None and self._holds(hint, seen, values)):
            return hint or OBJECT
        if hint is not None and hint.name != "void":
            nullable = JavaType(hint.name, hint.arguments, nullable=True, own=hint.own)
            if self._holds(nullable, seen, values):
                return nullable
        return settled(seen)

    def _seen(self, values: Sequence[Form]) -> JavaType | None:
        return settled(of_values(values, self._recorded)) if values else None

    def _holds(self, one: JavaType, seen: JavaType, values: Sequence[Form]) -> bool:
        return holds(one, seen) and all(self._has_keys(one, value) for value in values)

    def _has_keys(self, one: JavaType, value: Form) -> bool:
        """Whether dicts that are to be records have exactly their keys."""
        if isinstance(value, dict) and len(value) == 1:
            value = next((value[tag] for tag in ("$tuple", "$set") if tag in value), value)
        if one.own and isinstance(value, dict) and self._own[one.own].kind == "document":
            return {*value} == {*self._own[one.own].fields}
        inner = one.arguments[-1] if one.arguments else None
        if inner is None or not inner.owned():
            return True
        items = value if isinstance(value, list) else []
        items = [*value.values()] if isinstance(value, dict) and one.name == "Map" else items
        return all(self._has_keys(inner, item) for item in items)

    def _resolver(self, module: Module) -> Callable[[str], JavaType | None]:
        def resolve(name: str) -> JavaType | None:
            found = module.class_of(name)
            if found is not None:
                return self._of_class(found, module)
            alias = module.alias_of(name)
            if alias is None or name in self._resolved:
                return None
            self._resolved.add(name)  # a type that is its own part
            try:
                return of_hint(alias[0], self._resolver(alias[1]))
            finally:
                self._resolved.discard(name)

        return resolve

    def _of_class(self, found: PythonClass, module: Module) -> JavaType | None:
        known = self._own.get(found.id)
        if known is None:
            if found.kind == "document" and any(map(_is_odd, found.fields)):
                return JavaType("Map", (JavaType("String"), OBJECT))
            if found.kind == "enum" and (not found.fields or names.KEYWORDS & {*found.fields}):
                return None  # java has no constants of these names
            known = self._declared(found.id, found.kind)
            known.constants = [*found.fields] if found.kind == "enum" else []
            resolve = self._resolver(_module_of(module, found))
            if found.id in self._objects and known.kind == "class":
                known.kind = "record"
            objects = self._objects.get(found.id, [])
            fields = (
                [*found.fields] if not objects else [*dict.fromkeys(n for o in objects for n in o)]
            )
            if known.kind in ("record", "document"):
                for name in fields:
                    values = [one[name] for one in objects if name in one]
                    hint = of_hint(found.fields.get(name), resolve)
                    known.fields[name] = self._chosen(hint, values)
            for declared in found.methods.values() if known.kind == "class" else ():
                known.methods.append(self._method_of(declared, resolve, known))
            _tell_apart(known.methods)
        return JavaType(known.name, nullable=True, own=found.id)

    def _recorded(self, unit_id: str, tag: str) -> JavaType | None:
        """The class for an object, an enum or a port of the fixtures."""
        if tag == "$port":
            unit_id = unit_id.partition("#")[0]
        if unit_id not in self._own:
            there = self._classes(unit_id)
            if there is not None and (tag != "$port" or there[0].kind == "class"):
                return self._of_class(*there)
            kind = {"$enum": "enum", "$port": "class"}.get(tag, "record")
            known = self._declared(unit_id, kind)
            known.constants = self._constants.get(unit_id, [])
            known.methods = [_of_call(*one) for one in self._calls.get(unit_id, {}).items()]
            objects = self._objects.get(unit_id, [])
            for name in dict.fromkeys(name for one in objects for name in one):
                known.fields[name] = self._chosen(None, [o[name] for o in objects if name in o])
        return JavaType(self._own[unit_id].name, nullable=True, own=unit_id)

    def _declared(self, unit_id: str, kind: str) -> _Own:
        name = self._taken.simple(names.upper(unit_id.rpartition(":")[2]), unit_id)
        known = self._own[unit_id] = _Own(kind, name, self._package(unit_id))
        return known

    def _method_of(
        self, declared: Declared, resolve: Callable[[str], JavaType | None], own: _Own
    ) -> dict[str, Any]:
        types = [of_hint(one.hint, resolve) or OBJECT for one in declared.parameters]
        returns = of_hint(declared.returns, resolve) or OBJECT
        for kind in [*types, returns]:
            own.imports |= self._imports(kind, own.package)
        inside = _once([names.lower(one.name) for one in declared.parameters])
        shown = [f"{kind.text} {name}" for kind, name in zip(types, inside, strict=True)]
        qualname = declared.id.partition(":")[2].rpartition(".")[2]
        return {
            "doc": _doc(declared.doc or f"As {{@code {declared.id}}}."),
            "returns": returns.text,
            "method": names.method(qualname),
            "python": qualname,
            "parameters": ", ".join(shown),
            "erased": ",".join(kind.erased for kind in types),
        }

    def _declare(self, unit_id: str, own: _Own) -> str:
        imports = set(own.imports)
        for kind in own.fields.values():
            imports |= self._imports(kind, own.package)
        return _render(
            "own.java.j2",
            package=own.package,
            imports=sorted(imports),
            doc=_doc(f"Stands for {{@code {unit_id}}}."),
            name=own.name,
            kind=own.kind,
            constants=own.constants,
            fields=_fields(own.fields, "", keep=own.kind == "document"),
            methods=own.methods,
        )

    def _imports(self, one: JavaType, package: str) -> set[str]:
        found = one.imports()
        for unit_id in one.owned():
            own = self._own[unit_id]
            if own.package != package:
                found.add(f"{own.package}.{own.name}")
        return found

    def _has_other_names(self, one: JavaType) -> bool:
        for unit_id in one.owned():
            own = self._own[unit_id]
            if own.kind == "record" and any(names.lower(name) != name for name in own.fields):
                return True
        return any(self._has_other_names(each) for each in one.arguments)

    def _package(self, unit_id: str) -> str:
        return names.package(self._base, unit_id.partition(":")[0])

    # ------------------------------------------------------------ fixtures

    def _collect(self, value: Form) -> None:
        """Notes all objects and constants of enums in a value, by their class."""
        if isinstance(value, list):
            for one in value:
                self._collect(one)
        elif isinstance(value, dict):
            kept = value.get("$object") if len(value) == 1 else None
            if isinstance(kept, list) and len(kept) == 2 and isinstance(kept[1], dict):
                self._objects.setdefault(str(kept[0]), []).append(kept[1])
            named = value.get("$enum") if len(value) == 1 else None
            if isinstance(named, list) and len(named) == 2:
                known = self._constants.setdefault(str(named[0]), [])
                if named[1] not in known:
                    known.append(str(named[1]))
            for one in value.values():
                self._collect(one)

    def _collect_ports(self, fixture: Fixture) -> None:
        """Notes which calls of which ports were recorded, and with how many arguments."""
        for one in (fixture.world or {}).get("ports", []):
            if isinstance(one, dict) and "port" in one:
                calls = self._calls.setdefault(str(one["port"]).partition("#")[0], {})
                name, count = str(one.get("call", "__call__")), len(one.get("args", []))
                calls[name] = max(count, calls.get(name, 0))

    def _test(self, source: Source, package: str, name: str) -> str:
        fixtures = source.fixture_file.replace("\\", "/")
        return _render("test.java.j2", package=package, id=source.id, name=name, fixtures=fixtures)


def _render(template: str, **values: Any) -> str:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(TEMPLATES)
    made = Environment(
        loader=loader, undefined=StrictUndefined, trim_blocks=True, keep_trailing_newline=True
    )
    text = re.sub(r"\n{3,}", "\n\n", made.get_template(template).render(values))
    return "\n".join(_broken(line) for line in text.split("\n"))


def _broken(line: str) -> str:
    """A declaration that is too long, with its parameters on lines of their own."""
    head, bracket, rest = line.partition("(")
    if len(line) <= LONGEST or not bracket or not DECLARATION.match(line):
        return line
    indent = " " * (len(line) - len(line.lstrip()) + 4)
    if len(indent + rest) <= LONGEST:
        return f"{head}(\n{indent}{rest}"
    depth, broken = 0, ""
    for letter in rest:
        depth += (letter == "<") - (letter == ">")
        broken += letter
        if letter == "," and not depth:
            broken += f"\n{indent}"
    return f"{head}(\n{indent}" + re.sub(r"(?m)^( +) (?=\S)", r"\1", broken)


def _group(unit_id: str) -> str:
    """What becomes one class: a function by itself, methods with their class."""
    return unit_id.rpartition(".")[0] if "." in unit_id.partition(":")[2] else unit_id


def _module_of(module: Module, found: PythonClass) -> Module:
    """The module in which the names of a class's hints are looked up."""
    from parity.port.reading import read_module

    name = found.id.partition(":")[0]
    if name == module.name:
        return module
    file = module.find(name)
    other = read_module(name, Path(file), module.find) if file is not None else None
    return other or module


def _given(
    parameters: Sequence[PythonParameter], fixtures: Iterable[Fixture]
) -> dict[str, list[Form]]:
    """What each parameter was given, defaults that can be written included."""
    given: dict[str, list[Form]] = {one.name: [] for one in parameters}
    plain = [one for one in parameters if one.kind == "positional"]
    for fixture in fixtures:
        rest = [*fixture.args]
        kwargs = dict(fixture.kwargs)
        for one in plain:
            if rest:
                given[one.name].append(rest.pop(0))
            elif one.name in kwargs:
                given[one.name].append(kwargs.pop(one.name))
        for one in parameters:
            if one.kind == "keyword" and one.name in kwargs:
                given[one.name].append(kwargs.pop(one.name))
            elif one.kind == "args":
                given[one.name].append(rest)
        for one in parameters:
            if one.kind == "kwargs":
                given[one.name].append(kwargs)
    for one in parameters:
        given[one.name] += _default(one.default)
    return given


def _default(node: ast.expr | None) -> list[Form]:
    """A default as a value; none where it is not written out."""
    if node is None:
        return []
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return []
    if value is None or isinstance(value, bool | int | float | str):
        return [value]
    if value in ((), [], {}):
        return [{"$tuple": []} if value == () else value]
    return []


def _order(parameters: Sequence[PythonParameter]) -> list[str]:
    plain = all(one.kind == "positional" for one in parameters)
    return [] if plain else [one.name for one in parameters]


def _fields(
    fields: Mapping[str, JavaType], about: str, *, keep: bool = False
) -> list[dict[str, str]]:
    inside = _once([name if keep else names.method(name) for name in fields])
    return [
        {
            "type": kind.text,
            "name": name,
            "getter": names.method(f"get{names.upper(python)}"),
            "doc": _doc(f"What {about} {{@code {python}}}"),
        }
        for (python, kind), name in zip(fields.items(), inside, strict=True)
    ]


def _once(wanted: Sequence[str]) -> list[str]:
    """Names of which none is there twice."""
    taken: list[str] = []
    for name in wanted:
        while name in taken:
            name = f"{name}_"
        taken.append(name)
    return taken


def _port_table(unit_id: str, own: _Own) -> str:
    lines = [f'[port."{unit_id}"]', f'java = "{own.package}.{own.name}"']
    other = {one["python"]: one["method"] for one in own.methods if one["python"] != one["method"]}
    if other:
        pairs = ", ".join(f'{python} = "{java}"' for python, java in sorted(other.items()))
        lines.append(f"methods = {{ {pairs} }}")
    return "\n".join(lines) + "\n"


def _of_call(name: str, count: int) -> dict[str, Any]:
    """A method of a port of which only calls are known."""
    return {
        "doc": _doc(f"As {{@code {name}}} was called."),
        "returns": "Object",
        "method": names.method(name),
        "parameters": ", ".join(f"Object argument{at + 1}" for at in range(count)),
        "erased": ",".join(["Object"] * count),
        "python": name,
    }


def _tell_apart(units: Sequence[dict[str, Any]], taken: set[tuple[str, str]] | None = None) -> None:
    """Methods of one class that would be the same one get other names."""
    taken = set() if taken is None else taken
    for unit in units:
        while (unit["method"], unit["erased"]) in taken:
            unit["method"] += "_"
        taken.add((unit["method"], unit["erased"]))


def _is_odd(name: str) -> bool:
    return not name.isidentifier() or name in names.KEYWORDS | names.OF_OBJECTS


def _beside(declared: Declared, values: Mapping[int, Sequence[str]]) -> Iterator[str]:
    """The lines of a function, each with what its expressions were in a comment below it."""
    for number, line in enumerate(_dedented(declared.text), declared.first):
        yield line
        if values.get(number):
            indent = line[: len(line) - len(line.lstrip())]
            yield f"{indent}#   {'; '.join(values[number])}"


def _dedented(text: str) -> Iterator[str]:
    import textwrap

    yield from LINE_END.split(textwrap.dedent(text))


def _comment(line: str) -> str:
    """A line of Python in a comment of Java, where a backslash and `u` begin a character."""
    return ESCAPED.sub(r"\\ ", line.replace("\f", " ").replace("\r", " ").rstrip())


def _doc(text: str) -> str:
    return ESCAPED.sub(r"\\ ", text.replace("*/", "* /"))


def _quoted(text: str) -> str:
    return f'"{text}"'
