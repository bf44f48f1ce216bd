"""What shapes of syntax say: the names they bind, and texts, keys and kinds of what they show."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence
from string import Formatter
from typing import Final

from parity.scan.summary import KEYWORD, PLAIN, STAR, STAR_STAR

LONGEST_TEXT: Final = 60
Function = ast.FunctionDef | ast.AsyncFunctionDef
Comprehension = ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp

MUTATORS: Final = frozenset(
    "append add appendleft clear discard extend extendleft insert pop popitem popleft put"
    " put_nowait"
    " remove reverse rotate set setdefault sort update get_nowait move_to_end subtract".split()
)
VALUES: Final = frozenset("str bytes bytearray int float complex bool".split())
WRAPPERS: Final = frozenset(
    "Optional Union Final ClassVar Annotated Required NotRequired ReadOnly Awaitable"
    " Coroutine".split()
)
PROMISES: Final = frozenset({"Future", "Task"})
"""What gives, when it is awaited, what its annotation names."""
WAITING: Final = frozenset({"inlineCallbacks", "coroutine", "engine"})
"""Decorators, by their last names, of generators that are given back what they yield once it is
there; older than `await`."""
RETURNING: Final = frozenset({"returnValue", "Return"})
"""What such generators call, or raise, to give a value."""
HANDLED: Final = frozenset({"sys.exc_info", "exc_info"})
FORWARDED: Final = "."
"""In place of a name: the one that the function is asked for itself."""
OWN_KEY: Final = "\0"
"""In place of a key: the name that the function is asked for itself, or that it is to store."""
PAIRED: Final = "="
"""In place of a name: the keys of a dict, each with what stands under it."""
PAST: Final = ("__setattr__", "__getattribute__", "__delattr__")
"""Methods that the outside has to store, find and delete attributes, past what a class does."""
DELETING: Final = "del "
"""Before a name in place of an operator: that attribute is deleted."""
CASTS: Final = frozenset({"cast", "typing.cast", "t.cast"})
ELEMENTS: Final = frozenset(
    "list List set Set frozenset FrozenSet tuple Tuple deque Deque Sequence MutableSequence"
    " Iterable Iterator Collection AbstractSet MutableSet Generator AsyncIterator AsyncIterable"
    " AsyncGenerator KeysView ValuesView Queue".split()
)
MAPPINGS: Final = frozenset(
    "dict Dict Mapping MutableMapping defaultdict DefaultDict OrderedDict Counter ChainMap"
    " WeakValueDictionary".split()
)
OPERATORS: Final[Mapping[type[ast.operator], str]] = {
    ast.Add: "add", ast.Sub: "sub", ast.Mult: "mul", ast.Div: "truediv", ast.FloorDiv: "floordiv",
    ast.Mod: "mod", ast.Pow: "pow", ast.LShift: "lshift", ast.RShift: "rshift", ast.BitOr: "or",
    ast.BitXor: "xor", ast.BitAnd: "and", ast.MatMult: "matmul",
}  # fmt: skip
COMPARED: Final[Mapping[type[ast.cmpop], str]] = {
    ast.Eq: "__eq__", ast.NotEq: "__ne__", ast.Lt: "__lt__", ast.LtE: "__le__", ast.Gt: "__gt__",
    ast.GtE: "__ge__",
}  # fmt: skip
UNARY: Final[Mapping[type[ast.unaryop], str]] = {
    ast.USub: "__neg__", ast.UAdd: "__pos__", ast.Invert: "__invert__",
}  # fmt: skip
MADE: Final[Mapping[type[ast.expr], str]] = {
    ast.ListComp: "list", ast.SetComp: "set", ast.DictComp: "dict", ast.GeneratorExp: "generator",
}  # fmt: skip


def bound_names(body: Sequence[ast.stmt], elsewhere: set[str]) -> Iterator[str]:
    """Names that statements bind in their own scope; `global` and `nonlocal` ones into
    `elsewhere`."""
    pending: list[ast.stmt] = list(body)
    while pending:
        node = pending.pop()
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield node.name
            case ast.Import() | ast.ImportFrom():
                for alias in node.names:
                    if alias.name != "*":
                        yield alias.asname or alias.name.partition(".")[0]
            case ast.Global() | ast.Nonlocal():
                elsewhere.update(node.names)
            case ast.Assign():
                for target in node.targets:
                    yield from target_names(target)
            case ast.AnnAssign() | ast.AugAssign():
                yield from target_names(node.target)
            case ast.For() | ast.AsyncFor():
                yield from target_names(node.target)
                pending += node.body + node.orelse
            case ast.While() | ast.If():
                pending += node.body + node.orelse
            case ast.With() | ast.AsyncWith():
                for item in node.items:
                    if item.optional_vars is not None:
                        yield from target_names(item.optional_vars)
                pending += node.body
            case ast.Match():
                for case in node.cases:
                    yield from captured_names(case.pattern)
                    pending += case.body
            case ast.Try() | ast.TryStar():
                pending += node.body + node.orelse + node.finalbody
                for handler in node.handlers:
                    if handler.name is not None:
                        yield handler.name
                    pending += handler.body


def target_names(node: ast.expr) -> Iterator[str]:
    """Names that the target of an assignment binds."""
    match node:
        case ast.Name():
            yield node.id
        case ast.Tuple() | ast.List():
            for one in node.elts:
                yield from target_names(one)
        case ast.Starred():
            yield from target_names(node.value)


def captured_names(pattern: ast.pattern) -> Iterator[str]:
    """Names that a pattern of `match` binds."""
    for one in ast.walk(pattern):
        if isinstance(one, ast.MatchAs | ast.MatchStar) and one.name is not None:
            yield one.name
        elif isinstance(one, ast.MatchMapping) and one.rest is not None:
            yield one.rest


def parameters_of(args: ast.arguments) -> Iterator[tuple[ast.arg, int]]:
    """Parameters in the order of the signature, each with its kind."""
    for one in [*args.posonlyargs, *args.args]:
        yield one, PLAIN
    if args.vararg is not None:
        yield args.vararg, STAR
    for one in args.kwonlyargs:
        yield one, KEYWORD
    if args.kwarg is not None:
        yield args.kwarg, STAR_STAR


def first_param(node: Function, decorators: Sequence[str], *, in_class: bool) -> str:
    """What a method calls its receiver; nothing where it has none."""
    if not in_class or "staticmethod" in decorators:
        return ""
    params = [*node.args.posonlyargs, *node.args.args]
    return params[0].arg if params else ""


def flags_of(node: Function, decorators: Sequence[str]) -> list[str]:
    """What a function is by its decorators and its name."""
    flags = ["async"] if isinstance(node, ast.AsyncFunctionDef) else []
    for name in decorators:
        last = name.rpartition(".")[2]
        if last in ("staticmethod", "classmethod", "abstractmethod"):
            flags.append(last)
        elif "property" in last.lower() or last in ("getter", "reify", "setter", "lazy_attribute"):
            flags.append("setter" if last == "setter" else "property")
        elif last == "deleter":
            flags.append(last)
    if node.name in ("__new__", "__init_subclass__", "__class_getitem__"):
        flags.append("classmethod")
    return flags


def is_of_values(node: ast.expr) -> bool:
    """Whether an annotation names builtin types of values only."""
    match node:
        case ast.Name(id=name):
            return name in VALUES
        case ast.Constant(value=str() as text):
            return text.strip() in VALUES
        case ast.Constant(value=None):
            return True
        case ast.BinOp(left=left, right=right):
            return is_of_values(left) and is_of_values(right)
        case ast.Subscript(value=value, slice=inner) if last_name(value) in ("Optional", "Union"):
            parts = inner.elts if isinstance(inner, ast.Tuple) else [inner]
            return all(map(is_of_values, parts))
        case _:
            return False


def forwarding_of(node: Function) -> Iterator[ast.expr]:
    """Of a `__getattr__` what asks another object for the same name, `getattr(x, name)` or
    `x[name]`, where nothing is done with what that gives but to return it; of a `__setattr__` what
    puts it under that key into another."""
    names = [one.arg for one in node.args.args]
    if node.name == "__setattr__" and len(names) > 2:
        yield from _keeping(node, names[-2], names[-1])
    if node.name not in ("__getattr__", "__getattribute__") or not names:
        return
    returned: set[ast.expr | None] = set()
    for one in ast.walk(node):
        if isinstance(one, ast.Return):
            returned.add(one.value)
        elif isinstance(one, ast.Compare) and all(map(is_none, one.comparators)):
            returned.add(one.left)
    loads = (one for one in ast.walk(node) if isinstance(one, ast.Name))
    used = {one.id for one in loads if isinstance(one.ctx, ast.Load) and one not in returned}
    for one in _own_nodes(node):
        given = one.value if isinstance(one, ast.Assign | ast.Return) else None
        if not isinstance(given, ast.Call | ast.Subscript) or not asks_for(given, names[-1]):
            continue
        targets = one.targets if isinstance(one, ast.Assign) else ()
        kept = [target.id for target in targets if isinstance(target, ast.Name)]
        if len(kept) == len(targets) and used.isdisjoint(kept):
            yield given


def _keeping(node: Function, name: str, value: str) -> Iterator[ast.expr]:
    for one in _own_nodes(node):
        match one:
            case ast.Assign(targets=[ast.Subscript() as target], value=ast.Name(id=given)):
                if given == value and asks_for(target, name):
                    yield target


def _own_nodes(node: Function) -> Iterator[ast.AST]:
    """The nodes of a function but for those of functions in it."""
    pending: list[ast.AST] = list(node.body)
    while pending:
        one = pending.pop()
        if not isinstance(one, Function | ast.Lambda | ast.ClassDef):
            yield one
            pending += ast.iter_child_nodes(one)


def asks_for(node: ast.expr, name: str) -> bool:
    """Whether an expression is `getattr(x, name)` or `x[name]`."""
    match node:
        case ast.Subscript(slice=ast.Name(id=asked)):
            return asked == name
        case ast.Call(func=ast.Name(id="getattr"), args=[_, ast.Name(id=asked), *_]):
            return asked == name
        case _:
            return False


def key_of(node: ast.expr) -> str | None:
    """The text of a literal that is used as a key."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str | int):
        return str(node.value)
    return None


def pattern_of(node: ast.expr) -> str | None:
    """The name that `getattr` is given, `*` standing for what is computed."""
    match node:
        case ast.Constant(value=str() as text):
            return text
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Add()):
            return f"{text}*"
        case ast.BinOp(left=ast.Constant(value=str() as text), op=ast.Mod()):
            return text.replace("%s", "*") if "%s" in text else None
        case ast.Call(func=ast.Attribute(value=ast.Constant(value=str() as text), attr="format")):
            written = parts_of(text)
            return "*".join(written) if written and any(written) else None
        case ast.JoinedStr(values=values):
            parts = [str(one.value) if isinstance(one, ast.Constant) else "*" for one in values]
            return "".join(parts) if any(part != "*" for part in parts) else None
        case _:
            return None


def parts_of(text: str) -> list[str]:
    """What a text that `format` fills has before, between and after its fields, if it has any."""
    try:
        rows = [(written, field) for written, field, *_ in Formatter().parse(text)]
    except ValueError:  # it is none that can be filled
        return []
    parts = [""]
    for written, field in rows:
        parts[-1] += written
        if field is not None:
            parts.append("")
    return parts if len(parts) > 1 else []


def is_waiting(decorators: Iterable[str]) -> bool:
    """Whether what a generator yields is waited for, by the names of its decorators."""
    return any(name.rpartition(".")[2] in WAITING for name in decorators)


def last_name(node: ast.expr) -> str:
    """The last name of a dotted one."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def is_none(node: ast.expr) -> bool:
    """Whether an expression is `None`."""
    return isinstance(node, ast.Constant) and node.value is None


def text_of(node: ast.expr) -> str:
    """A short text of what is called or raised."""
    parts: list[str] = []
    while True:
        match node:
            case ast.Attribute():
                parts.append(f".{node.attr}")
                node = node.value
            case ast.Call():
                parts.append("()")
                node = node.func
            case ast.Subscript():
                parts.append("[]")
                node = node.value
            case ast.Name():
                parts.append(node.id)
                break
            case _:
                parts.append("…")
                break
    return "".join(reversed(parts))[:LONGEST_TEXT]
