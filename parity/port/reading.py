"""What a port starts from: a unit in its source, and the classes of its module that it names."""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final, Literal

DATA: Final = frozenset({"dataclass", "define", "frozen", "mutable", "attr.s", "attr.attrs"})
ATTRIBUTES: Final = frozenset({"attr.ib", "attr.attrib", "attr.field", "attrs.field"})
DATA_BASES: Final = frozenset({"NamedTuple", "namedtuple", "TypedDict", "BaseModel", "Struct"})
LINE_END: Final = re.compile(r"\r\n|\r|\n")
"""What ends a line for Python: `str.splitlines` knows more."""
MODELS: Final = frozenset({"BaseModel", "Struct"})
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
    is_model: bool = False
    """Whether its base makes records of all classes below it."""


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
    _above: dict[int, list[PythonClass]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        data = self.file.read_bytes()
        self.tree = ast.parse(data)
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        self.text = data.decode(encoding, "replace")
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
        below = f"{module}.{inner}"
        if module and inner and rest and self.find(below) is not None:
            module, inner = below, ""  # `from shop import models`, of which a class is named
        wanted = ".".join(one for one in (inner, rest) if one)
        file = self.find(module) if module else None
        if file is None or not wanted or module == self.name:
            return None
        other = read_module(module, Path(file), self.find)
        return other.class_of(wanted) if other is not None else None

    def alias_of(self, name: str) -> tuple[ast.expr, Module] | None:
        """The type that a name stands for (`Names = list[str]`, `NewType`), and where it stands."""
        for one in _statements(self.tree.body):
            match one:
                case ast.Assign(targets=[ast.Name(id=found)], value=value) if found == name:
                    pass
                case ast.AnnAssign(
                    target=ast.Name(id=found), annotation=hint, value=ast.expr() as value
                ) if found == name and _last(hint) == "TypeAlias":
                    pass
                case _:
                    # `type Names = list[str]`, which Python has since 3.12
                    alias = type(one).__name__ == "TypeAlias" and getattr(one, "name", None)
                    said = getattr(one, "value", None)
                    if not (isinstance(alias, ast.Name) and alias.id == name):
                        continue
                    if not isinstance(said, ast.expr):
                        continue
                    value = said
            if isinstance(value, ast.Call):
                is_new = _last(value.func) == "NewType" and len(value.args) == 2
                return (value.args[1], self) if is_new else None
            return (value, self) if isinstance(value, ast.Subscript | ast.BinOp) else None
        module, inner = self._imports.get(name, ("", ""))
        file = self.find(module) if module and inner else None
        other = read_module(module, Path(file), self.find) if file and module != self.name else None
        return other.alias_of(inner) if other is not None else None

    def _class(self, name: str, node: ast.ClassDef) -> PythonClass:
        fields: dict[str, ast.expr | None] = {}
        methods: dict[str, Declared] = {}
        kind = _kind(node)
        for base in node.bases:
            fields |= _fields_of_call(base)
        for above in self._bases(node):
            kind = above.kind if kind == "class" and above.kind != "record" else kind
            if kind == "class" and above.is_model:
                kind = "record"
            if kind == above.kind:
                fields |= above.fields
                methods |= above.methods
        for one in node.body:
            match one:
                case ast.AnnAssign(target=ast.Name(id=attribute)):
                    hint = ast.unparse(one.annotation)
                    is_member = kind != "enum" or one.value is not None
                    if is_member and "ClassVar" not in hint and _last(one.annotation) != "KW_ONLY":
                        fields[attribute] = one.annotation
                case ast.Assign() if kind == "enum" and not isinstance(one.value, ast.Lambda):
                    fields |= dict.fromkeys(_members(one.targets))
                case ast.Assign(targets=[ast.Name(id=attribute)], value=ast.Call() as made) if (
                    kind == "record" and ast.unparse(made.func) in ATTRIBUTES
                ):
                    typed = [each.value for each in made.keywords if each.arg == "type"]
                    fields[attribute] = typed[0] if typed else None
                case ast.FunctionDef() | ast.AsyncFunctionDef():
                    if not one.name.startswith("_") and not _is_property(one):
                        methods[one.name] = self._declared(f"{name}.{one.name}", one, inside=True)
        is_model = bool({_last(one) for one in node.bases} & MODELS) or any(
            above.is_model for above in self._bases(node)
        )
        return PythonClass(f"{self.name}:{name}", kind, fields, methods, is_model)

    def _bases(self, node: ast.ClassDef) -> list[PythonClass]:
        """The classes of the project right above one, the last first, as their fields stand."""
        key = id(node)
        if key not in self._above:
            self._above[key] = []  # a class that is its own base has none
            names = [ast.unparse(_plain(one)) for one in reversed(node.bases)]
            found = [self.class_of(one) for one in names if one != node.name]
            self._above[key] = [one for one in found if one is not None]
        return self._above[key]

    def _declared(
        self, qualname: str, node: ast.FunctionDef | ast.AsyncFunctionDef, *, inside: bool
    ) -> Declared:
        static = any(_last(one) == "staticmethod" for one in node.decorator_list)
        parameters = list(_parameters(node.args))
        if inside and not static and parameters:
            parameters = parameters[1:]
        lines = LINE_END.split(self.text)[_first(node) - 1 : node.end_lineno]
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
    decorated |= {one.rpartition(".")[2] for one in decorated}
    return "record" if decorated & DATA or bases & DATA_BASES else "class"


def _members(targets: Sequence[ast.expr]) -> list[str]:
    """The members of an enum that an assignment makes: `A`, `A = B`, `A, B`."""
    found: list[str] = []
    for one in targets:
        match one:
            case ast.Name(id=name) if not name.startswith("_"):
                found.append(name)
            case ast.Tuple(elts=elts) | ast.List(elts=elts):
                found += _members(elts)
            case _:
                pass
    return found


def _plain(base: ast.expr) -> ast.expr:
    """`Base[int]` without what it is made for."""
    return base.value if isinstance(base, ast.Subscript) else base


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
