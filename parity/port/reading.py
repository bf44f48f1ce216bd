"""What a port starts from: a unit in its source, and the classes of its module that it names."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

DATA: Final = frozenset({"dataclass", "dataclasses.dataclass", "define", "attrs.define", "frozen"})
DATA_BASES: Final = frozenset({"NamedTuple", "namedtuple", "TypedDict", "BaseModel", "Struct"})
ENUMS: Final = frozenset({"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag"})
Kind = Literal["record", "document", "enum", "class"]
"""`document` is a dict with known keys (a TypedDict): its names stay as they are."""


@dataclass(frozen=True, slots=True)
class PythonParameter:
    """A parameter of a unit; `kind` as in `parity.model.Parameter`."""

    name: str
    kind: str
    hint: ast.expr | None
    default: ast.expr | None = None


@dataclass(frozen=True, slots=True)
class PythonClass:
    """A class of the project that hints name."""

    id: str
    kind: Kind
    fields: Mapping[str, ast.expr | None]
    methods: Mapping[str, Declared]


@dataclass(frozen=True, slots=True)
class Declared:
    """A function or method as it stands in its source."""

    id: str
    parameters: tuple[PythonParameter, ...]
    returns: ast.expr | None
    text: str
    first: int
    """The line at which its text begins, decorators and all."""
    line: int
    static: bool
    doc: str


@dataclass
class Module:
    """A module of the sources; `find` gives the file of another one."""

    name: str
    file: Path
    find: Callable[[str], str | None]
    tree: ast.Module = field(init=False)
    text: str = field(init=False)
    _imports: dict[str, tuple[str, str]] = field(init=False)

    def __post_init__(self) -> None:
        data = self.file.read_bytes()
        self.tree = ast.parse(data)
        self.text = data.decode("utf-8", "replace")
        self._imports = dict(_imports(self.tree, self.name, self.file.name == "__init__.py"))

    def function(self, qualname: str) -> Declared | None:
        """The function or method of a qualified name; None where it is bound in another way."""
        found = _find(self.tree.body, qualname.split("."))
        if isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
            return self._declared(qualname, found, inside="." in qualname)
        return None

    def class_of(self, name: str) -> PythonClass | None:
        """The class of the project that a name in this module stands for."""
        found = _find(self.tree.body, name.split("."))
        if isinstance(found, ast.ClassDef):
            return self._class(name, found)
        for one in _statements(self.tree.body):
            if isinstance(one, ast.Assign) and [ast.unparse(to) for to in one.targets] == [name]:
                made = _fields_of_call(one.value)
                return PythonClass(f"{self.name}:{name}", "record", made, {}) if made else None
        first, _, rest = name.partition(".")
        module, inner = self._imports.get(first, ("", ""))
        wanted = ".".join(one for one in (inner, rest) if one)
        file = self.find(module) if module else None
        if file is None or not wanted or module == self.name:
            return None
        other = read_module(module, Path(file), self.find)
        return other.class_of(wanted) if other is not None else None

    def _class(self, name: str, node: ast.ClassDef) -> PythonClass:
        fields: dict[str, ast.expr | None] = {}
        methods: dict[str, Declared] = {}
        kind = _kind(node)
        for base in node.bases:
            fields |= _fields_of_call(base)
        for one in node.body:
            match one:
                case ast.AnnAssign(target=ast.Name(id=attribute)):
                    if "ClassVar" not in ast.unparse(one.annotation):
                        fields[attribute] = one.annotation
                case ast.Assign(targets=[ast.Name(id=attribute)]) if kind == "enum":
                    fields[attribute] = None
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if not one.name.startswith("_") and not _is_property(one):
                        methods[one.name] = self._declared(f"{name}.{one.name}", one, inside=True)
        return PythonClass(f"{self.name}:{name}", kind, fields, methods)

    def _declared(
        self, qualname: str, node: ast.FunctionDef | ast.AsyncFunctionDef, *, inside: bool
    ) -> Declared:
        static = any(_last(one) == "staticmethod" for one in node.decorator_list)
        parameters = list(_parameters(node.args))
        if inside and not static and parameters:
            parameters = parameters[1:]
        lines = self.text.splitlines()[_first(node) - 1 : node.end_lineno]
        return Declared(
            id=f"{self.name}:{qualname}",
            parameters=tuple(parameters),
            returns=node.returns,
            text="\n".join(lines),
            first=_first(node),
            line=node.lineno,
            static=static or any(_last(one) == "classmethod" for one in node.decorator_list),
            doc=(ast.get_docstring(node) or "").strip().partition("\n")[0].strip(),
        )


def read_module(name: str, file: Path, find: Callable[[str], str | None]) -> Module | None:
    """A module, read once; None where it cannot be parsed."""
    return _read(name, file, find)


@cache
def _read(name: str, file: Path, find: Callable[[str], str | None]) -> Module | None:
    try:
        return Module(name, file, find)
    except (OSError, SyntaxError, ValueError, RecursionError):
        return None


def _find(body: Sequence[ast.stmt], parts: Sequence[str]) -> ast.stmt | None:
    for node in reversed(list(_statements(body))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            if node.name != parts[0] or _is_overload(node):
                continue
            if len(parts) == 1:
                return node
            return _find(node.body, parts[1:]) if isinstance(node, ast.ClassDef) else None
    return None


def _statements(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """Statements of a body, with those below `if`, `try` and `with`."""
    found: list[ast.stmt] = []
    for node in body:
        match node:
            case ast.If():
                found += _statements([*node.orelse, *node.body])
            case ast.Try():
                inner = [one for handler in node.handlers for one in handler.body]
                found += _statements([*inner, *node.orelse, *node.finalbody, *node.body])
            case ast.With():
                found += _statements(node.body)
            case _:
                found.append(node)
    return found


def _imports(tree: ast.Module, module: str, package: bool) -> list[tuple[str, tuple[str, str]]]:
    found: list[tuple[str, tuple[str, str]]] = []
    here = module.split(".") if package else module.split(".")[:-1]
    for node in ast.walk(tree):
        match node:
            case ast.ImportFrom():
                base = here[: len(here) - node.level + 1] if node.level else []
                source = ".".join([*base, *([node.module] if node.module else [])])
                found += [(one.asname or one.name, (source, one.name)) for one in node.names]
            case ast.Import():
                found += [(one.asname, (one.name, "")) for one in node.names if one.asname]
                found += [(one.name, (one.name, "")) for one in node.names if "." not in one.name]
    return found


def _kind(node: ast.ClassDef) -> Kind:
    bases = {_last(one) for one in node.bases}
    if "TypedDict" in bases:
        return "document"
    if bases & ENUMS:
        return "enum"
    decorated = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
    return "record" if decorated & DATA or bases & DATA_BASES else "class"


def _fields_of_call(node: ast.expr) -> dict[str, ast.expr | None]:
    """The fields of `namedtuple("Point", "x y")` and `NamedTuple("Point", [("x", int)])`."""
    if not (isinstance(node, ast.Call) and len(node.args) > 1):
        return {}
    match _last(node.func), node.args[1]:
        case "namedtuple", ast.Constant(value=str(text)):
            return dict.fromkeys(text.replace(",", " ").split())
        case "namedtuple", ast.List(elts=names) | ast.Tuple(elts=names):
            return {
                one.value: None
                for one in names
                if isinstance(one, ast.Constant) and isinstance(one.value, str)
            }
        case "NamedTuple", ast.List(elts=pairs) | ast.Tuple(elts=pairs):
            return {
                name: hint
                for one in pairs
                if isinstance(one, ast.Tuple) and len(one.elts) == 2
                for name, hint in [(getattr(one.elts[0], "value", None), one.elts[1])]
                if isinstance(name, str)
            }
    return {}


def _parameters(given: ast.arguments) -> list[PythonParameter]:
    plain = [*given.posonlyargs, *given.args]
    none: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    pairs = zip(plain, [*none, *given.defaults], strict=True)
    found = [PythonParameter(one.arg, "positional", one.annotation, value) for one, value in pairs]
    if given.vararg is not None:
        found.append(PythonParameter(given.vararg.arg, "args", given.vararg.annotation))
    named = zip(given.kwonlyargs, given.kw_defaults, strict=True)
    found += [PythonParameter(one.arg, "keyword", one.annotation, value) for one, value in named]
    if given.kwarg is not None:
        found.append(PythonParameter(given.kwarg.arg, "kwargs", given.kwarg.annotation))
    return found


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return min([node.lineno, *(one.lineno for one in node.decorator_list)])


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    names = {_last(one) for one in node.decorator_list}
    return bool(names & {"property", "cached_property", "setter", "getter", "deleter"})


def _is_overload(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    return any(_last(one) == "overload" for one in node.decorator_list)


def _last(node: ast.expr) -> str:
    return ast.unparse(node).partition("(")[0].rpartition(".")[2]
