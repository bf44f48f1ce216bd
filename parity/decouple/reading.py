"""One source file as the syntax tree sees it: its functions, and what its names stand for."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Function = ast.FunctionDef | ast.AsyncFunctionDef
SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)


@dataclass(frozen=True, slots=True)
class Span:
    """Where an expression stands: lines from 1, columns in characters from 0."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed file. `module` is its dotted name, `is_package` whether it is an `__init__`."""

    shown: str
    module: str
    is_package: bool
    data: bytes
    lines: tuple[bytes, ...]
    tree: ast.Module
    imports: dict[str, str] = field(default_factory=dict)

    def span(self, node: ast.expr | ast.stmt) -> Span:
        """The place of a node, its columns counted in characters."""
        end, column = node.end_lineno or node.lineno, node.end_col_offset or 0
        return Span(
            node.lineno,
            self._characters(node.lineno, node.col_offset),
            end,
            self._characters(end, column),
        )

    def text(self, node: ast.AST) -> str:
        """The source of an expression on one line."""
        return ast.unparse(node)

    def _characters(self, line: int, column: int) -> int:
        return len(self.lines[line - 1][:column].decode("utf-8", "replace"))


def read(shown: str, module: str, data: bytes, *, is_package: bool) -> Source:
    """Parses a file; SyntaxError or ValueError where it is no Python of this version."""
    tree = ast.parse(data)
    text = _decoded(data)
    lines = tuple(one.encode("utf-8") for one in text.splitlines(keepends=True))
    source = Source(shown, module, is_package, data, lines, tree)
    source.imports.update(imported(tree.body, module, is_package=is_package))
    return source


def _decoded(data: bytes) -> str:
    import io
    import tokenize

    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    text = data.decode(encoding)
    # form feeds and their like end no line for the parser
    return text.replace("\f", " ").replace("\v", " ").replace("\x1c", " ").replace("\x1d", " ")


def functions(source: Source) -> Iterator[tuple[str, Function, ast.ClassDef | None]]:
    """All functions with the line of `def`, and the class that they stand in directly."""

    def walk(
        node: ast.AST, owner: ast.ClassDef | None, path: str
    ) -> Iterator[tuple[str, Function, ast.ClassDef | None]]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, Function):
                name = f"{path}{child.name}"
                yield name, child, owner
                yield from walk(child, None, f"{name}.<locals>.")
            elif isinstance(child, ast.ClassDef):
                yield from walk(child, child, f"{path}{child.name}.")
            else:
                yield from walk(child, owner, path)

    yield from walk(source.tree, None, "")


def imported(body: list[ast.stmt], module: str, *, is_package: bool) -> dict[str, str]:
    """What the imports of a scope bind, functions and classes within left out.

    What a handler imports stands for what could not be imported: it takes no name.
    """
    found: dict[str, str] = {}
    instead: dict[str, str] = {}
    handled: set[int] = set()
    for node in within(body):
        if isinstance(node, ast.ExceptHandler):
            handled |= {id(inner) for inner in ast.walk(node)}
        names = instead if id(node) in handled else found
        if isinstance(node, ast.Import):
            for one in node.names:
                if one.asname:
                    names[one.asname] = one.name
                else:
                    names[one.name.partition(".")[0]] = one.name.partition(".")[0]
        elif isinstance(node, ast.ImportFrom):
            base = _absolute(node, module, is_package)
            for one in node.names:
                names[one.asname or one.name] = f"{base}.{one.name}" if base else one.name
    return {**instead, **found}


def _absolute(node: ast.ImportFrom, module: str, is_package: bool) -> str:
    if not node.level:
        return node.module or ""
    parts = module.split(".")
    parts = parts[: len(parts) - node.level + (1 if is_package else 0)]
    return ".".join([*parts, *([node.module] if node.module else [])])


def within(body: Sequence[ast.AST]) -> Iterator[ast.AST]:
    """The nodes of a body that run with it: not those of functions and classes within it."""
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, SCOPES):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))


def names_in(node: ast.AST) -> set[str]:
    """All names that a function mentions in any way, those of functions within included."""
    found: set[str] = set()
    for one in ast.walk(node):
        match one:
            case ast.Name():
                found.add(one.id)
            case ast.arg():
                found.add(one.arg)
            case ast.alias():
                found.add((one.asname or one.name).partition(".")[0])
            case ast.Global() | ast.Nonlocal():
                found.update(one.names)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(one.name)
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if one.name:
                found.add(one.name)
            case ast.MatchMapping() if one.rest:
                found.add(one.rest)
            case _:
                pass
    return found


def bound_in(function: Function) -> set[str]:
    """Names that are local to a function."""
    found = {one.arg for one in every_parameter(function.args)}
    declared: set[str] = set()
    for node in within(function.body):
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                found.add(node.id)
            case ast.alias():
                found.add((node.asname or node.name).partition(".")[0])
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                found.add(node.name)
            case ast.ExceptHandler() | ast.MatchAs() | ast.MatchStar() if node.name:
                found.add(node.name)
            case ast.MatchMapping() if node.rest:
                found.add(node.rest)
            case ast.Global():
                declared.update(node.names)
            case _:
                pass
    return found - declared


def every_parameter(arguments: ast.arguments) -> list[ast.arg]:
    """The parameters in their order, the starred ones included."""
    found = [*arguments.posonlyargs, *arguments.args]
    if arguments.vararg:
        found.append(arguments.vararg)
    found += arguments.kwonlyargs
    if arguments.kwarg:
        found.append(arguments.kwarg)
    return found


def dotted(node: ast.AST) -> str | None:
    """`a.b.c` as a text; None for what is no such chain of names."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return ".".join([node.id, *reversed(parts)])
