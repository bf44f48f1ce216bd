"""What two signatures have in common: kinds of values, in the order in which they are given."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

LEFT_OUT: Final = "…"
"""Stands where a default is too long to be told."""
OBJECT: Final = "java.lang.Object"
TEXTS: Final = ("java.lang.String", "java.lang.CharSequence", "char", "java.lang.Character")
WHOLE: Final = (
    "long",
    "int",
    "java.lang.Long",
    "java.lang.Integer",
    "java.math.BigInteger",
    "short",
    "byte",
    "java.lang.Number",
)
BROKEN: Final = ("double", "java.lang.Double", "float", "java.lang.Float", "java.lang.Number")
MOMENTS: Final = (
    "java.time.LocalDateTime",
    "java.time.ZonedDateTime",
    "java.time.OffsetDateTime",
    "java.time.Instant",
)
LISTS: Final = ("java.util.List", "java.util.Collection", "java.lang.Iterable", "[]")
KINDS: Final = {
    "str": TEXTS,
    "int": (*WHOLE, *BROKEN),
    "float": BROKEN,
    "bool": ("boolean", "java.lang.Boolean"),
    "bytes": ("byte[]",),
    "list": (*LISTS, "java.util.Set"),
    "set": ("java.util.Set", *LISTS),
    "dict": ("java.util.Map",),
    "Decimal": ("java.math.BigDecimal", "java.lang.Number"),
    "date": ("java.time.LocalDate",),
    "datetime": MOMENTS,
    "time": ("java.time.LocalTime", "java.time.OffsetTime"),
    "timedelta": ("java.time.Duration",),
}
"""The Java types that hold a kind of Python value, the best first; `Object` holds all."""
ANY: Final = (
    *TEXTS,
    *WHOLE,
    *BROKEN,
    "boolean",
    *LISTS,
    "java.util.Map",
    "java.util.Set",
    "java.lang.Boolean",
    "java.math.BigDecimal",
    "byte[]",
    "java.time.LocalDate",
    *MOMENTS,
    "java.time.LocalTime",
    "java.time.OffsetTime",
    "java.time.Duration",
)
"""The same where nothing is known of the Python value."""
NAMES: Final = {
    "Text": "str",
    "List": "list",
    "Sequence": "list",
    "Iterable": "list",
    "Collection": "list",
    "Iterator": "list",
    "Generator": "list",
    "AsyncIterator": "list",
    "AsyncGenerator": "list",
    "tuple": "list",
    "Tuple": "list",
    "Set": "set",
    "AbstractSet": "set",
    "frozenset": "set",
    "FrozenSet": "set",
    "Dict": "dict",
    "Mapping": "dict",
    "MutableMapping": "dict",
    "bytearray": "bytes",
}


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a Python callable; `kind` is empty where nothing is known of it."""

    name: str
    kind: str
    default: str | None


@dataclass(frozen=True, slots=True)
class Taken:
    """What a Python callable takes, without its receiver, and gives."""

    parameters: tuple[Parameter, ...]
    result: str
    named_only: bool = False
    """Whether some have to be given by name."""


def taken_by(signature: str, receiver: bool | None) -> Taken | None:
    """What a signature says; None where it gathers arguments, or its instance cannot be had."""
    if receiver is False:
        return None
    _, bracket, rest = signature.partition("(")
    try:
        tree = ast.parse(f"def f({rest.replace(LEFT_OUT, '...')}: ..." if bracket else "")
    except (SyntaxError, ValueError):
        return None
    node = tree.body[0] if tree.body else None
    if not isinstance(node, ast.FunctionDef) or node.args.vararg or node.args.kwarg:
        return None
    given = node.args
    plain = [*given.posonlyargs, *given.args]
    gaps: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults))
    pairs = [*zip(plain, [*gaps, *given.defaults], strict=True)]
    if receiver and pairs and pairs[0][0].arg in ("self", "cls"):
        pairs = pairs[1:]
    pairs += zip(given.kwonlyargs, given.kw_defaults, strict=True)
    return Taken(
        tuple(_parameter(one, default) for one, default in pairs),
        _kind(node.returns),
        bool(given.kwonlyargs),
    )


def fitness(given: Sequence[Parameter], types: Sequence[str]) -> int | None:
    """How far types are from those that hold the parameters best; None where one cannot."""
    whole = 0
    for one, java in zip(given, types, strict=False):
        rank = _rank(one.kind, java)
        if rank is None:
            return None
        whole += rank
    return whole


def gives_the_same(kind: str, java: str) -> bool:
    """Whether what java returns can be of a kind; where either is not known, it can."""
    return kind not in KINDS or java == OBJECT or _rank(kind, java) is not None or java not in ANY


def _rank(kind: str, java: str) -> int | None:
    if java == OBJECT:
        return len(ANY)
    if kind and kind not in KINDS:
        return 0 if java.rpartition(".")[2] == kind else None
    for index, one in enumerate(KINDS.get(kind, ANY)):
        if java == one or (one == "[]" and java.endswith("[]")):
            return index
    return None


def _parameter(one: ast.arg, default: ast.expr | None) -> Parameter:
    text = None
    if default is not None:
        text = None if _is_left_out(default) else ast.unparse(default)
    return Parameter(one.arg, _kind(one.annotation) or _kind_of_value(default), text)


def _is_left_out(default: ast.expr) -> bool:
    return isinstance(default, ast.Constant) and default.value is ...


def _kind_of_value(default: ast.expr | None) -> str:
    """What a default shows: `None` shows nothing."""
    if not isinstance(default, ast.Constant) or default.value in (None, ...):
        return ""
    name = type(default.value).__name__
    return name if name in KINDS else ""


def _kind(annotation: ast.expr | None) -> str:
    """The kind that an annotation names; `X | None` and `Optional[X]` are X."""
    match annotation:
        case ast.Constant(value=str(text)):
            try:
                return _kind(ast.parse(text, mode="eval").body)
            except SyntaxError:
                return ""
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return "" if name in ("Any", "object", "None") else NAMES.get(name, name)
        case ast.Subscript(value=ast.Name(id="Optional") | ast.Attribute(attr="Optional")):
            return _kind(annotation.slice)
        case ast.Subscript(value=value):
            name = _kind(value)
            return "" if name in ("Union", "Literal", "Annotated") else name
        case ast.BinOp(left=one, op=ast.BitOr(), right=ast.Constant(value=None)):
            return _kind(one)
        case _:
            return ""
