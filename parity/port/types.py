"""Java types for Python values: from hints, from recorded values, and which of them fit."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parity.model import Form

LONG: Final = 2**63
BOXES: Final = {"boolean": "Boolean", "long": "Long", "double": "Double", "void": "Void"}
IMPORTS: Final = {
    "BigDecimal": "java.math.BigDecimal",
    "BigInteger": "java.math.BigInteger",
    "Collection": "java.util.Collection",
    "Duration": "java.time.Duration",
    "List": "java.util.List",
    "LocalDate": "java.time.LocalDate",
    "LocalDateTime": "java.time.LocalDateTime",
    "LocalTime": "java.time.LocalTime",
    "Map": "java.util.Map",
    "OffsetDateTime": "java.time.OffsetDateTime",
    "Set": "java.util.Set",
    "UUID": "java.util.UUID",
    "ZonedDateTime": "java.time.ZonedDateTime",
}
PLAIN: Final = {
    "bool": "boolean",
    "int": "long",
    "float": "double",
    "str": "String",
    "bytes": "byte[]",
    "None": "void",
    "Decimal": "BigDecimal",
    "date": "LocalDate",
    "timedelta": "Duration",
    "UUID": "UUID",
    "LiteralString": "String",
}
LISTS: Final = frozenset({"list", "List", "Sequence", "MutableSequence"})
COLLECTIONS: Final = frozenset({"Iterable", "Collection", "Container", "Reversible"})
STREAMS: Final = frozenset({"Iterator", "Generator", "AsyncIterator", "AsyncGenerator"})
SETS: Final = frozenset({"set", "frozenset", "Set", "FrozenSet", "AbstractSet", "MutableSet"})
MAPS: Final = frozenset(
    {"dict", "Dict", "Mapping", "MutableMapping", "defaultdict", "DefaultDict", "OrderedDict"}
)
WRAPPERS: Final = frozenset({"Annotated", "Final", "ClassVar", "Required", "NotRequired"})
AWAITED: Final = frozenset({"Awaitable", "Coroutine"})


@dataclass(frozen=True, slots=True)
class JavaType:
    """A type as Java writes it; `own` is a class of the port, by the id of its Python class."""

    name: str
    arguments: tuple[JavaType, ...] = ()
    nullable: bool = False
    own: str = ""

    @property
    def text(self) -> str:
        """As a parameter or result declares it."""
        name = BOXES.get(self.name, self.name) if self.nullable else self.name
        if not self.arguments:
            return name
        return f"{name}<{', '.join(one.boxed for one in self.arguments)}>"

    @property
    def boxed(self) -> str:
        """As a type argument."""
        return BOXES.get(self.name, self.text)

    @property
    def erased(self) -> str:
        """As a map names it among the parameters of a method."""
        return BOXES.get(self.name, self.name) if self.nullable else self.name

    def imports(self) -> set[str]:
        """What has to be imported for it."""
        mine = {IMPORTS[self.name]} if self.name in IMPORTS else set()
        return mine.union(*(one.imports() for one in self.arguments))

    def owned(self) -> set[str]:
        """The Python classes of which it needs a Java one."""
        mine = {self.own} if self.own else set()
        return mine.union(*(one.owned() for one in self.arguments))


OBJECT: Final = JavaType("Object", nullable=True)
Resolve = Callable[[str], JavaType | None]
"""What a name in a hint stands for, where it is a class of the project."""


def of_hint(hint: ast.expr | None, resolve: Resolve) -> JavaType | None:
    """The type that a hint asks for; None where there is none, or it says nothing."""
    match hint:
        case None:
            return None
        case ast.Constant(value=None):
            return JavaType("void")
        case ast.Constant(value=str() as text):
            try:
                return of_hint(ast.parse(text, mode="eval").body, resolve)
            except SyntaxError:
                return None
        case ast.BinOp(op=ast.BitOr()):
            return _union(_members(hint), resolve)
        case ast.Subscript():
            own = resolve(ast.unparse(hint.value))
            return own or _generic(_last(hint.value), _arguments(hint), resolve)
        case ast.Name() | ast.Attribute():
            return _named(hint, resolve)
    return None


def _named(hint: ast.Name | ast.Attribute, resolve: Resolve) -> JavaType | None:
    last = _last(hint)
    own = resolve(ast.unparse(hint))
    if own is not None:
        return own
    if last in PLAIN:
        return JavaType(PLAIN[last])
    if last in LISTS or last == "tuple":
        return JavaType("List", (OBJECT,))
    if last in COLLECTIONS:
        return JavaType("Collection", (OBJECT,))
    if last in STREAMS:
        return JavaType("List", (OBJECT,))
    if last in SETS:
        return JavaType("Set", (OBJECT,))
    if last in MAPS:
        return JavaType("Map", (OBJECT, OBJECT))
    return None


def _generic(last: str, inner: Sequence[ast.expr], resolve: Resolve) -> JavaType | None:
    if last in ("Optional",):
        return _nullable(of_hint(inner[0], resolve))
    if last == "Union":
        return _union(inner, resolve)
    if last in WRAPPERS:
        return of_hint(inner[0], resolve)
    if last in AWAITED:
        return of_hint(inner[-1], resolve)
    if last == "Literal":
        some = [one for one in inner if not _is_none(one)]
        joined = _joined([_of_constant(one) for one in some])
        return _nullable(joined) if len(some) < len(inner) else joined
    if last in ("tuple", "Tuple"):
        items = [one for one in inner if not _is_ellipsis(one)]
        return JavaType("List", (_joined([of_hint(one, resolve) for one in items]) or OBJECT,))
    found = [of_hint(one, resolve) or OBJECT for one in inner]
    for names, java in ((LISTS | STREAMS, "List"), (COLLECTIONS, "Collection"), (SETS, "Set")):
        if last in names:
            return JavaType(java, (_element(found[0]),))
    if last in MAPS and len(found) == 2:
        return JavaType("Map", (_element(found[0]), _element(found[1])))
    if last == "Counter":
        return JavaType("Map", (_element(found[0]), JavaType("long")))
    return None


def _union(members: Sequence[ast.expr], resolve: Resolve) -> JavaType | None:
    some = [one for one in members if not _is_none(one)]
    joined = _joined([of_hint(one, resolve) for one in some])
    return _nullable(joined) if len(some) < len(members) else joined


def _joined(types: Sequence[JavaType | None]) -> JavaType | None:
    """The one type that holds all of them; None where one says nothing."""
    if not types or any(one is None for one in types):
        return None
    some = [one for one in types if one is not None]
    if all(one == some[0] for one in some):
        return some[0]
    if {one.name for one in some} <= NUMBERS:
        return JavaType("Number")
    return OBJECT


def _nullable(one: JavaType | None) -> JavaType | None:
    if one is None or one.name == "void":
        return OBJECT if one is not None else None
    return JavaType(one.name, one.arguments, nullable=True, own=one.own)


def _element(one: JavaType) -> JavaType:
    return OBJECT if one.name == "void" else one


def _of_constant(node: ast.expr) -> JavaType | None:
    match node:
        case ast.Constant(value=bool()):
            return JavaType("boolean")
        case ast.Constant(value=int()):
            return JavaType("long")
        case ast.Constant(value=str()):
            return JavaType("String")
    return None


def _members(node: ast.expr) -> list[ast.expr]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return [*_members(node.left), *_members(node.right)]
    return [node]


def _arguments(node: ast.Subscript) -> list[ast.expr]:
    return list(node.slice.elts) if isinstance(node.slice, ast.Tuple) else [node.slice]


def _last(node: ast.expr) -> str:
    return ast.unparse(node).rpartition(".")[2]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _is_ellipsis(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


# ---------------------------------------------------------------- recorded values


def of_values(values: Sequence[Form], own: Callable[[str, str], JavaType | None]) -> JavaType:
    """The type that holds all recorded values; `own` gives the class for an object or an enum."""
    types = [_of_value(one, own) for one in values]
    some = [one for one in types if one.name != "void"]
    if not some:
        return JavaType("void")
    joined = some[0]
    for one in some[1:]:
        joined = _wider(joined, one)
    return (_nullable(joined) or OBJECT) if len(some) < len(types) else joined


def _wider(one: JavaType, two: JavaType) -> JavaType:
    if one == two:
        return one
    if {one.name, two.name} == {"long", "BigInteger"}:
        return JavaType("BigInteger")
    if {one.name, two.name} <= NUMBERS:
        return JavaType("Number")
    if one.name == two.name and len(one.arguments) == len(two.arguments):
        pairs = zip(one.arguments, two.arguments, strict=True)
        arguments = tuple(_wider(left, right) for left, right in pairs)
        return JavaType(one.name, arguments, one.nullable or two.nullable, one.own)
    for empty, other in ((one, two), (two, one)):
        if empty.name == "Nothing":
            return other
        if empty.name == "void":
            return _nullable(other) or OBJECT
    return OBJECT


NOTHING: Final = JavaType("Nothing")
NUMBERS: Final = frozenset({"long", "double", "BigInteger", "Number"})


def _of_value(value: Form, own: Callable[[str, str], JavaType | None]) -> JavaType:
    match value:
        case None:
            return JavaType("void")
        case bool():
            return JavaType("boolean")
        case int():
            return JavaType("long" if -LONG <= value < LONG else "BigInteger")
        case float():
            return JavaType("double")
        case str():
            return JavaType("String")
        case list():
            return JavaType("List", (_of_elements(value, own),))
        case dict():
            return _of_tagged(value, own)
    return OBJECT


def _of_tagged(value: Mapping[str, Any], own: Callable[[str, str], JavaType | None]) -> JavaType:
    tag: str = next(iter(value)) if len(value) == 1 else ""
    inner: Any = value.get(tag)
    match tag:
        case "$int":
            return JavaType("long" if -LONG <= int(inner) < LONG else "BigInteger")
        case "$float":
            return JavaType("double")
        case "$decimal":
            special = str(inner).lower().lstrip("+-")[:1] in ("n", "s", "i")
            return OBJECT if special else JavaType("BigDecimal")
        case "$bytes":
            return JavaType("byte[]")
        case "$tuple":
            return JavaType("List", (_of_elements(inner, own),))
        case "$set" | "$frozenset":
            return JavaType("Set", (_of_elements(inner, own),))
        case "$date":
            return JavaType("LocalDate")
        case "$timedelta":
            return JavaType("Duration")
        case "$uuid":
            return JavaType("UUID")
        case "$dict":
            keys = _of_elements([key for key, _ in inner], own)
            return JavaType("Map", (keys, _of_elements([one for _, one in inner], own)))
        case "$object" | "$enum":
            return own(str(inner[0]), tag) or OBJECT
        case "$port":
            return own(str(inner), tag) or OBJECT
    if tag.startswith("$"):
        return OBJECT
    keys = JavaType("String") if value else NOTHING
    return JavaType("Map", (keys, _of_elements(list(value.values()), own)))


def _of_elements(values: Sequence[Form], own: Callable[[str, str], JavaType | None]) -> JavaType:
    return of_values(values, own) if values else NOTHING


def settled(one: JavaType) -> JavaType:
    """Without what was never seen: an element of empty lists only."""
    if one.name in ("Nothing", "void"):
        return OBJECT
    arguments = tuple(settled(each) for each in one.arguments)
    return JavaType(one.name, arguments, one.nullable, one.own)


def holds(one: JavaType, seen: JavaType) -> bool:
    """Whether all that was seen fits a type that a hint asked for (docs/types.md)."""
    if seen.name == "Nothing":
        return True
    if seen.nullable and not (one.nullable or one.name not in BOXES):
        return False
    if seen.name == "void":
        return one.nullable or one.name not in BOXES
    if one.name == "Number":
        return seen.name in NUMBERS
    if one.name == "Object":
        return not seen.owned()
    if one.name == "Collection" and seen.name in ("List", "Set"):
        return holds(one.arguments[0], seen.arguments[0])
    if one.name == "double" and seen.name in ("long", "Number"):
        return True  # taken where it is exact
    if one.own or seen.own:
        return one.own == seen.own or (bool(one.own) and seen.name == "Map")
    if one.name != seen.name:
        return False
    if len(one.arguments) != len(seen.arguments):
        return not one.arguments
    return all(holds(*pair) for pair in zip(one.arguments, seen.arguments, strict=True))
