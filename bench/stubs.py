"""Writes `parity/scan/stubs.toml`: what the stubs of Python's own library, typeshed as mypy brings
it, say of its functions and attributes.

    python bench/stubs.py           # writes it anew
    python bench/stubs.py --check   # exit status 1 where it would change

`gives` and `holds`: what a call gives, and what an attribute is, where these are values of builtin
types only, or lists of them (`*`). `takes.uncalled`: functions none of whose parameters may be
called, by what they are annotated with. `takes.functions`: functions that are no more than that.
`has`: the public names that instances of a class have, where all that it is derived from is known.
Branches for all versions and platforms count, and all forms of a function that has several.
"""

from __future__ import annotations

import argparse
import ast
import builtins
import sys
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TABLE = ROOT / "parity" / "scan" / "stubs.toml"
HEAD = """\
# What typeshed, the stubs of Python's own library, says of its functions and attributes.
# Written by `python bench/stubs.py`; what is wrong here is wrong there.
"""
VALUES = {"str": "str", "LiteralString": "str", "bytes": "bytes", "bytearray": "bytearray",
          "int": "int", "float": "float", "complex": "complex", "bool": "bool"}  # fmt: skip
TEXTS = {"AnyStr", "AnyOrLiteralStr", "_StrType"}
CALLABLE = {"Callable", "Coroutine", "Awaitable", "AsyncGenerator", "Generator", "type", "Type"}
"""What may be called, or runs; classes are made instances of."""
PLAIN = {
    "Any", "Optional", "Union", "Self", "Iterable", "Iterator", "Sequence",
    "MutableSequence", "Mapping", "MutableMapping", "Collection", "Container",
    "Sized", "Hashable", "Set", "AbstractSet", "MutableSet", "List", "Dict",
    "Tuple", "IO", "TextIO", "BinaryIO", "AnyStr", "LiteralString", "Unused",
    "Incomplete"
}  # fmt: skip
"""Of the names in annotations that no stub defines those that cannot be called."""
CONTAINERS = {"dict", "list", "set", "frozenset", "tuple", "object", "type", "function"}
ELEMENTS = {"list", "tuple", "List", "Tuple"}
WIDTH = 118
LEFT_OUT = {
    "tkinter", "turtle", "distutils", "lib2to3", "msilib", "nt", "posix",
    "encodings", "curses", "winreg", "winsound", "msvcrt", "ensurepip", "venv",
    "pydoc", "pydoc_data", "antigravity", "this"
}  # fmt: skip
"""Hardly in a server, or another name of what is in."""

NO_NAMES = {"Generic", "Protocol", "NamedTuple", "TypedDict", "object"}
"""Bases that bring no public name."""

Function = ast.FunctionDef | ast.AsyncFunctionDef


class Stub:
    """The definitions of one stub, whatever the version and platform that they are for."""

    def __init__(self, name: str, tree: ast.Module, is_package: bool) -> None:
        self.name = name
        self.package = name if is_package else name.rpartition(".")[0]
        self.functions: dict[str, list[Function]] = {}
        self.classes: dict[str, ast.ClassDef] = {}
        self.typed: dict[str, ast.expr] = {}
        self.aliases: dict[str, ast.expr] = {}
        self.imported: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.exported: set[str] = set()
        for node in statements(tree.body):
            self._read(node)

    def _read(self, node: ast.stmt) -> None:
        if isinstance(node, Function):
            self.functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.ClassDef):
            self.classes.setdefault(node.name, node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if node.value is not None and ast.unparse(node.annotation).endswith("TypeAlias"):
                self.aliases[node.target.id] = node.value
            else:
                self.typed[node.target.id] = annotation(node)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            self.aliases[node.targets[0].id] = node.value
        elif isinstance(node, ast.ImportFrom):
            module = self._from(node)
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(module)
                    continue
                self.imported[alias.asname or alias.name] = (module, alias.name)
                if alias.asname == alias.name:
                    self.exported.add(alias.name)

    def _from(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        parts = self.package.split(".")
        base = parts[: len(parts) - node.level + 1]
        return ".".join([*base, *filter(None, [node.module])])


def statements(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """The statements of a body, of all branches of its conditions."""
    for node in body:
        if isinstance(node, ast.If):
            yield from statements([*node.body, *node.orelse])
        else:
            yield node


class Library:
    """The stubs of all modules."""

    def __init__(self, folder: Path) -> None:
        self.stubs: dict[str, Stub] = {}
        self._asking: list[tuple[str, str]] = []
        for file in sorted(folder.rglob("*.pyi")):
            parts = file.relative_to(folder).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            self.stubs[name] = Stub(name, ast.parse(file.read_text("utf-8")), is_package)

    def public(
        self, module: str, seen: frozenset[str] = frozenset()
    ) -> dict[str, tuple[Stub, str]]:
        """The public names of a module: where each is defined, and as what."""
        stub = self.stubs.get(module)
        if stub is None or module in seen:
            return {}
        found: dict[str, tuple[Stub, str]] = {}
        for star in stub.stars:
            found |= self.public(star, seen | {module})
        for name in stub.exported:
            where = self.where(module, name)
            if where is not None:
                found[name] = where
        found |= {
            name: (stub, name)
            for table in (stub.functions, stub.classes, stub.typed)
            for name in table
            if not name.startswith("_")
        }
        return found

    def where(self, module: str, name: str, depth: int = 0) -> tuple[Stub, str] | None:
        """The stub in which a name of a module is defined, and its name there."""
        stub = self.stubs.get(module)
        if stub is None or depth > 6:
            return None
        if any(name in table for table in (stub.functions, stub.classes, stub.typed, stub.aliases)):
            return stub, name
        if name in stub.imported:
            return self.where(*stub.imported[name], depth + 1)
        return next(filter(None, (self.where(star, name, depth + 1) for star in stub.stars)), None)

    def members(
        self, stub: Stub, klass: ast.ClassDef, seen: frozenset[str] = frozenset()
    ) -> dict[str, tuple[Stub, list[Function] | ast.expr]]:
        """The methods and attributes of a class, its own before those of its bases."""
        found: dict[str, tuple[Stub, list[Function] | ast.expr]] = {}
        own: dict[str, list[Function]] = {}
        for node in statements(klass.body):
            if isinstance(node, Function):
                own.setdefault(node.name, []).append(node)
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                found[node.target.id] = (stub, annotation(node))
        found |= {name: (stub, nodes) for name, nodes in own.items()}
        for base in klass.bases:
            where = self.class_of(stub, base)
            if where is not None and where[1].name not in seen:
                for name, one in self.members(*where, seen | {klass.name}).items():
                    found.setdefault(name, one)
        return found

    def names(
        self, stub: Stub, klass: ast.ClassDef, seen: frozenset[str] = frozenset()
    ) -> set[str] | None:
        """The names that a class has; None where it may have others too."""
        found: set[str] = set()
        for node in statements(klass.body):
            if isinstance(node, Function | ast.ClassDef):
                found.add(node.name)
            elif isinstance(node, ast.AnnAssign | ast.Assign):
                targets = [node.target] if isinstance(node, ast.AnnAssign) else node.targets
                found |= {one.id for one in targets if isinstance(one, ast.Name)}
            elif isinstance(node, ast.ImportFrom):
                found |= {one.asname or one.name for one in node.names}
        if not {"__getattr__", "__getattribute__"}.isdisjoint(found):
            return None
        for base in klass.bases:
            if ast.unparse(base).partition("[")[0].rpartition(".")[2] in NO_NAMES:
                continue
            where = self.class_of(stub, base)
            if where is None or where[1].name in seen:
                return None
            above = self.names(*where, seen | {klass.name})
            if above is None:
                return None
            found |= above
        return found

    def class_of(self, stub: Stub, node: ast.expr | None) -> tuple[Stub, ast.ClassDef] | None:
        """The class that an annotation names, or nothing beside it."""
        if isinstance(node, ast.BinOp) and ast.unparse(node.right) in ("None", "MaybeNone", "Any"):
            node = node.left
        if isinstance(node, ast.Subscript):
            node = node.value
        if isinstance(node, ast.Name):
            where = self.where(stub.name, node.id)
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            where = self.where(node.value.id, node.attr)
        else:
            return None
        if where is None or where[1] not in where[0].classes:
            return None
        return where[0], where[0].classes[where[1]]

    def given(self, stub: Stub, node: ast.expr | None) -> set[str] | None:
        """The values that an annotation stands for; None where it may be anything else."""
        if isinstance(node, ast.Name):
            return self._given_by_name(stub, node.id)
        if isinstance(node, ast.Constant) and node.value is None:
            return set()
        if isinstance(node, ast.BinOp):
            return self._all_of(stub, [one for one in (node.left, node.right) if not is_any(one)])
        if isinstance(node, ast.Call) and len(node.args) > 2:  # a variable of types: one of these
            return self._all_of(stub, node.args[1:])
        if not isinstance(node, ast.Subscript) or not isinstance(node.value, ast.Name):
            return None
        inner = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if node.value.id == "Literal":
            values = [one.value for one in inner if isinstance(one, ast.Constant)]
            return {f"builtins.{type(one).__name__}()" for one in values}
        if node.value.id not in ELEMENTS:
            return None
        inner = [one for one in inner if not (isinstance(one, ast.Constant) and one.value is ...)]
        found = self._all_of(stub, inner) or {"*"}
        nested = any(one.endswith("*") for one in found)
        return None if nested else {f"{one}*" for one in found}

    def _given_by_name(self, stub: Stub, name: str) -> set[str] | None:
        if name in TEXTS:
            return {"builtins.str()", "builtins.bytes()"}
        if name in VALUES:
            return {f"builtins.{VALUES[name]}()"}
        where = self.where(stub.name, name)
        alias = where[0].aliases.get(where[1]) if where is not None else None
        if where is None or alias is None or (where[0].name, where[1]) in self._asking:
            return None  # an alias of itself may be anything
        self._asking.append((where[0].name, where[1]))
        try:
            return self.given(where[0], alias)
        finally:
            self._asking.pop()

    def _all_of(self, stub: Stub, nodes: Sequence[ast.expr]) -> set[str] | None:
        found: set[str] = set()
        for node in nodes:
            one = self.given(stub, node)
            if one is None:
                return None
            found |= one
        return found

    def result(self, stub: Stub, nodes: list[Function]) -> set[str] | None:
        """What all forms of a function give, where that is values only."""
        if not all(map(is_plain, nodes)) or isinstance(nodes[0], ast.AsyncFunctionDef):
            return None
        said = [node.returns for node in nodes if node.returns is not None]
        if len(nodes) > 1:  # the form for whoever does not say which of the others
            said = [one for one in said if not is_any(one)]
        return self._all_of(stub, said)

    def is_called(
        self, stub: Stub, node: ast.AST | None, seen: frozenset[str] = frozenset()
    ) -> bool:
        """Whether what an annotation stands for may be called, or run, by who takes it."""
        if node is None:
            return True
        if isinstance(node, ast.Constant):
            quoted = isinstance(node.value, str) and node.value.isidentifier()
            return quoted and self._is_called_by_name(stub, str(node.value), seen)
        if isinstance(node, ast.Name):
            return self._is_called_by_name(stub, node.id, seen)
        if isinstance(node, ast.Attribute):
            where = isinstance(node.value, ast.Name) and self.stubs.get(node.value.id)
            return self._is_called_by_name(where, node.attr, seen) if where else True
        if isinstance(node, ast.Subscript):
            if ast.unparse(node.value).rpartition(".")[2] == "Literal":
                return False
            return self.is_called(stub, node.value, seen) or self.is_called(stub, node.slice, seen)
        if isinstance(node, ast.BinOp):
            return self.is_called(stub, node.left, seen) or self.is_called(stub, node.right, seen)
        if isinstance(node, ast.Tuple | ast.List):
            return any(self.is_called(stub, one, seen) for one in node.elts)
        if isinstance(node, ast.Call):  # a variable of types: its bounds
            bounds = [*node.args[1:], *(one.value for one in node.keywords if one.arg == "bound")]
            return any(self.is_called(stub, one, seen) for one in bounds)
        return True

    def _is_called_by_name(self, stub: Stub, name: str, seen: frozenset[str]) -> bool:
        if name in CALLABLE:
            return True
        if name in seen or hasattr(builtins, name) or name in PLAIN:
            return False
        where = self.where(stub.name, name)
        if where is None:
            return True
        found, own = where
        if own in found.classes:
            members = self.members(found, found.classes[own])
            return "__call__" in members or "__await__" in members
        alias = found.aliases.get(own)
        return alias is None or self.is_called(found, alias, seen | {name})


# ---------------------------------------------------------------- what an annotation says


def annotation(node: ast.AnnAssign) -> ast.expr:
    """What a name is annotated with; `Final` leaves it to the value."""
    if isinstance(node.annotation, ast.Name) and node.annotation.id == "Final":
        if isinstance(node.value, ast.Constant):
            return ast.Name(type(node.value.value).__name__)
    elif isinstance(node.annotation, ast.Subscript) and ast.unparse(node.annotation.value) in (
        "Final",
        "ClassVar",
    ):
        return node.annotation.slice
    return node.annotation


def is_any(node: ast.expr | None) -> bool:
    """Whether an annotation says nothing: beside others it stands for None, of which a caller need
    not think."""
    return isinstance(node, ast.Name) and node.id in ("Any", "MaybeNone")


def is_own(node: ast.expr | None) -> bool:
    """Whether an annotation stands for the class itself that it is in."""
    return isinstance(node, ast.Name) and node.id == "Self"


def is_plain(node: Function) -> bool:
    """Whether a function is what its signature says, and no more."""
    names = {ast.unparse(one).partition("(")[0] for one in node.decorator_list}
    return names <= {"overload", "deprecated", "staticmethod", "classmethod", "type_check_only",
                     "abstractmethod", "final", "typing.overload"}  # fmt: skip


# ---------------------------------------------------------------- the table


class Table:
    """What comes into the file, by what it says."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.returns: dict[str, set[str]] = {}
        self.holds: dict[str, set[str]] = {}
        self.takes: set[str] = set()
        self.functions: set[str] = set()
        self.has: dict[str, str] = {}
        for module in library.stubs:
            parts = module.split(".")
            if parts[0] not in LEFT_OUT and not any(part.startswith("_") for part in parts):
                self._module(module)

    def _module(self, module: str) -> None:
        for name, (stub, own) in self.library.public(module).items():
            whole = f"{module}.{name}"
            if own in stub.functions:
                self._function(whole, stub, stub.functions[own])
            elif own in stub.classes:
                if module != "builtins" or name not in CONTAINERS:
                    self._class(whole, stub, stub.classes[own])
            elif own in stub.typed:
                self._holds(whole, stub, stub.typed[own])

    def _function(self, whole: str, stub: Stub, nodes: list[Function]) -> None:
        if all(map(is_plain, nodes)):
            self.functions.add(whole)
        self._called(whole, stub, nodes, 0)
        made = [self.library.class_of(stub, node.returns) for node in nodes]
        if not isinstance(nodes[0], ast.AsyncFunctionDef):
            for where, klass in filter(None, made):
                if where.name != "builtins":
                    self._instance(f"{whole}()", where, klass)

    def _class(self, whole: str, stub: Stub, klass: ast.ClassDef) -> None:
        members = self._instance(f"{whole}()", stub, klass)
        names = self.library.names(stub, klass)
        if names is not None and not whole.startswith("builtins."):  # these one can ask
            self.has[whole] = " ".join(sorted(one for one in names if not one.startswith("_")))
        for maker in ("__init__", "__new__"):
            where = members.get(maker)
            if (
                where is not None
                and isinstance(where[1], list)
                and self._is_uncalled(where[0], where[1], 1)
            ):
                self.takes.add(whole)
        for name, (of, nodes) in members.items():
            if isinstance(nodes, list) and any(
                ast.unparse(one) in ("staticmethod", "classmethod")
                for one in nodes[0].decorator_list
            ):
                self._called(f"{whole}.{name}", of, nodes, 1)
                if whole.removeprefix("builtins.") in VALUES and is_own(nodes[0].returns):
                    self.returns[f"{whole}.{name}"] = {f"{whole}()"}

    def _instance(
        self, whole: str, stub: Stub, klass: ast.ClassDef
    ) -> dict[str, tuple[Stub, list[Function] | ast.expr]]:
        members = self.library.members(stub, klass)
        for name, (of, nodes) in members.items():
            if name.startswith("_"):
                continue
            if not isinstance(nodes, list):
                self._holds(f"{whole}.{name}", of, nodes)
            elif any(ast.unparse(one) == "property" for one in nodes[0].decorator_list):
                self._holds(f"{whole}.{name}", of, nodes[0].returns)
            else:
                self._called(f"{whole}.{name}", of, nodes, 1)
        return members

    def _called(self, whole: str, stub: Stub, nodes: list[Function], skip: int) -> None:
        found = self.library.result(stub, nodes)
        if found:
            self.returns.setdefault(whole, set()).update(found)
        if self._is_uncalled(stub, nodes, skip):
            self.takes.add(whole)

    def _holds(self, whole: str, stub: Stub, node: ast.expr | None) -> None:
        found = self.library.given(stub, node)
        if found and not any(one.endswith("*") for one in found):
            self.holds.setdefault(whole, set()).update(found)

    def _is_uncalled(self, stub: Stub, nodes: list[Function], skip: int) -> bool:
        """Whether no form of a function takes what it calls, and one takes anything."""
        takes = False
        for node in nodes:
            args = node.args
            is_static = any(ast.unparse(one) == "staticmethod" for one in node.decorator_list)
            taken = [*args.posonlyargs, *args.args][0 if is_static else skip :]
            taken += [*args.kwonlyargs, *filter(None, (args.vararg, args.kwarg))]
            if not is_plain(node) or any(
                self.library.is_called(stub, one.annotation) for one in taken
            ):
                return False
            takes = takes or bool(taken)
        return takes

    def text(self) -> str:
        """The file."""
        parts = [HEAD]
        for title, table in (("gives", self.returns), ("holds", self.holds)):
            parts.append(f"\n[{title}]\n")
            by: dict[str, list[str]] = {}
            for name, values in table.items():
                by.setdefault(" ".join(sorted(values)), []).append(name)
            parts += [f"'{key}' = {wrapped(names)}" for key, names in sorted(by.items())]
        parts.append("\n[has]\n")
        of: dict[str, list[str]] = {}
        for name, names in self.has.items():
            of.setdefault(names, []).append(name)
        parts += [f"'{key}' = {wrapped(names)}" for key, names in sorted(of.items())]
        parts.append(f"\n[takes]\nuncalled = {wrapped(self.takes)}")
        parts.append(f"functions = {wrapped(self.functions)}")
        return "".join(parts)


def wrapped(names: Iterable[str]) -> str:
    """Names in lines, as a text of TOML."""
    lines, line = [], ""
    for name in sorted(names):
        if len(line) + len(name) >= WIDTH:
            lines.append(line)
            line = ""
        line = f"{line} {name}" if line else name
    return "'''\n" + "\n".join([*lines, line]) + "\n'''\n"


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args()
    import mypy

    text = Table(Library(Path(mypy.__file__).parent / "typeshed" / "stdlib")).text()
    if options.check:
        return int(text != TABLE.read_text("utf-8"))
    TABLE.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
