"""What can be known of a unit without calling it: its sources, their constants, its types."""

import ast
import datetime
import decimal
import enum
import inspect
import os
import re
import sys
import sysconfig
import textwrap
import types
import typing
import uuid
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Optional, Set, Tuple

from .loading import Subject
from .rooted import INSTALLED

if TYPE_CHECKING:
    from parity.values import form
else:
    from . import form

MOST_SOURCES = 60
MOST_VALUES = 400
MOST_BYTES = 100_000
DEPTH = 6
STANDARD = tuple(
    os.path.realpath(sysconfig.get_path(name)) + os.sep for name in ("stdlib", "platstdlib")
)
Shape = Dict[str, Any]

PLAIN: Dict[Any, str] = {
    bool: "bool",
    int: "int",
    float: "float",
    str: "str",
    bytes: "bytes",
    bytearray: "bytes",
    decimal.Decimal: "Decimal",
    datetime.datetime: "datetime",
    datetime.date: "date",
    datetime.time: "time",
    datetime.timedelta: "timedelta",
    uuid.UUID: "UUID",
    type(None): "None",
}


def facts_of(subject: Subject, texts: List[str]) -> Dict[str, Any]:
    """Sources of the unit and of what it reaches, values that they name, and annotated types."""
    reach = Reach(subject)
    reach.follow()
    return {
        "sources": [*texts, *reach.sources],
        "values": reach.values,
        "shapes": shapes_of(subject.target),
        "steps": steps_of(subject.target),
    }


class Reach:
    """The functions of the unit's own packages that a unit leads to, nearest first."""

    def __init__(self, subject: Subject) -> None:
        self.sources: List[str] = []
        self.values: List[Any] = []
        self.seen: Set[int] = set()
        self.bytes = 0
        self.left: List[Tuple[Any, Any]] = [(subject.target, subject.owner)]

    def follow(self) -> None:
        """Reads sources until nothing is left, or it is enough."""
        while self.left and len(self.sources) < MOST_SOURCES and self.bytes < MOST_BYTES:
            target, owner = self.left.pop(0)
            self._take(target, owner)

    def _take(self, target: Any, owner: Any) -> None:
        if isinstance(target, (staticmethod, classmethod)):
            target = target.__func__
        if isinstance(target, property):
            target = target.fget
        target = inspect.unwrap(target) if callable(target) else target
        if id(target) in self.seen:
            return
        self.seen.add(id(target))
        if isinstance(target, type):
            self._take_class(target)
            return
        function = getattr(target, "__func__", target)
        code = getattr(function, "__code__", None)
        if code is None:
            return
        self._read(function)
        space = getattr(function, "__globals__", {})
        closure = {
            name: cell.cell_contents
            for name, cell in zip(code.co_freevars, getattr(function, "__closure__", None) or ())
            if not is_empty(cell)
        }
        for inner in codes_of(code):
            self._follow_names(inner.co_names, {**space, **closure}, owner)

    def _take_class(self, target: type) -> None:
        if not is_own(target):
            return
        for name, member in vars(target).items():
            if callable(getattr(member, "__func__", member)) or isinstance(member, property):
                if name not in ("__class__", "__weakref__", "__dict__"):
                    self.left.append((member, target))
            else:
                self._value(member)

    def _read(self, function: Any) -> None:
        try:
            text = textwrap.dedent(inspect.getsource(function))
        except (OSError, TypeError, SyntaxError, IndentationError):
            return
        self.bytes += len(text)
        self.sources.append(text)

    def _follow_names(self, names: Tuple[str, ...], space: Dict[str, Any], owner: Any) -> None:
        modules: List[Any] = []
        for name in names:
            found = space.get(name, space)
            if found is space:
                for module in modules:
                    if hasattr(module, "__dict__") and name in vars(module):
                        self._found(vars(module)[name], None)
                if isinstance(owner, type):
                    self._found(inspect.getattr_static(owner, name, None), owner)
                continue
            if isinstance(found, types.ModuleType):
                modules.append(found)
            self._found(found, None)

    def _found(self, found: Any, owner: Any) -> None:
        if found is None:
            return
        function = inspect.unwrap(found) if callable(found) else found
        if isinstance(found, (staticmethod, classmethod, property)) or isinstance(
            function, (types.FunctionType, type)
        ):
            if is_own(getattr(found, "__func__", getattr(found, "fget", function))):
                self.left.append((found, owner or (found if isinstance(found, type) else None)))
        else:
            self._value(found)

    def _value(self, found: Any) -> None:
        if id(found) in self.seen or len(self.values) >= MOST_VALUES:
            return
        self.seen.add(id(found))
        if isinstance(found, re.Pattern):
            pattern = found.pattern
            self.values.append({"pattern": pattern} if isinstance(pattern, str) else None)
            return
        for one in scalars(found, DEPTH):
            if len(self.values) < MOST_VALUES:
                self.values.append(one)


def scalars(value: Any, depth: int) -> Iterator[Any]:
    """Plain values that a constant is, or holds."""
    if isinstance(value, enum.Enum):
        value = value.value
    if type(value) in (str, int, float, bool):
        text = form.plain_text(value) if type(value) is not str or len(value) < 200 else None
        if text is not None:
            yield value if type(value) is str else form.write(value, "$")
    elif depth and isinstance(value, (list, tuple, set, frozenset)):
        for one in list(value)[:60]:
            yield from scalars(one, depth - 1)
    elif depth and isinstance(value, dict):
        for key, one in list(value.items())[:60]:
            yield from scalars(key, depth - 1)
            yield from scalars(one, depth - 1)


def is_empty(cell: Any) -> bool:
    """Whether a closure's variable has no value yet."""
    try:
        return cell.cell_contents is cell
    except ValueError:
        return True


def codes_of(code: types.CodeType) -> Iterator[types.CodeType]:
    """A code object and those inside of it."""
    yield code
    for one in code.co_consts:
        if isinstance(one, types.CodeType):
            yield from codes_of(one)


def is_own(target: Any) -> bool:
    """Whether something is written in Python and does not belong to the standard library."""
    module = sys.modules.get(getattr(target, "__module__", None) or "")
    file = getattr(module, "__file__", None)
    return file is not None and is_project_file(file)


def is_project_file(file: str) -> bool:
    """Whether a file is the project's or an installed package's, not the interpreter's own."""
    real = os.path.realpath(file)
    if any(part in real for part in INSTALLED):
        return True
    return os.path.isabs(file) and not real.startswith(STANDARD)


# ---------------------------------------------------------------- annotated types


def steps_of(target: Any) -> Dict[str, Dict[str, Shape]]:
    """What the annotations of a class say of its methods, by name, in the order of the class."""
    if not isinstance(target, type):
        return {}
    found: Dict[str, Dict[str, Shape]] = {}
    for owner in reversed(target.__mro__[:-1]):
        for name in vars(owner):
            member = getattr(target, name, None)
            if callable(member) and not isinstance(member, type):
                found[name] = shapes_of(member)
    return found


def shapes_of(target: Any) -> Dict[str, Shape]:
    """What the annotations of the parameters say, by name; nothing where there is none."""
    target = inspect.unwrap(target) if callable(target) else target
    if isinstance(target, type):
        target = target.__init__  # type: ignore[misc]
    try:
        hints = typing.get_type_hints(target)
    except Exception:  # names that exist for type checkers only
        hints = dict(getattr(target, "__annotations__", None) or {})
    found = {}
    for name, hint in hints.items():
        shape = shape_of(hint, DEPTH)
        if shape is not None and name != "return":
            found[name] = shape
    return found


def shape_of(hint: Any, depth: int) -> Optional[Shape]:
    """A type as a document; None where nothing is known of it."""
    if depth == 0:
        return None
    if isinstance(hint, str):
        return shape_of_text(hint, depth)
    if hint is None or hint in PLAIN:
        return {"is": PLAIN[type(None) if hint is None else hint]}
    origin = getattr(hint, "__origin__", None)
    args = getattr(hint, "__args__", None) or ()
    if origin is typing.Union or type(hint).__name__ == "UnionType":
        shapes = [shape_of(one, depth - 1) for one in args]
        return {"is": "union", "of": shapes} if None not in shapes else None
    if str(origin).endswith("Literal") and origin is not None:
        return {"is": "literal", "of": [form.write(one, "$") for one in args]}
    base = origin if isinstance(origin, type) else hint
    if isinstance(base, typing.TypeVar):
        return None
    if not isinstance(base, type):
        return None
    return shape_of_class(base, args, depth)


def shape_of_text(text: str, depth: int) -> Optional[Shape]:
    """An annotation that could not be evaluated, where it names builtins alone."""
    try:
        ast.parse(text, mode="eval")
        return shape_of(eval(text, dict(vars(typing))), depth)
    except Exception:
        return None


def shape_of_class(base: type, args: Tuple[Any, ...], depth: int) -> Optional[Shape]:
    """A class, with its type arguments."""
    if issubclass(base, enum.Enum):
        name = "%s:%s" % (base.__module__, base.__qualname__)
        return {"is": "literal", "of": [{"$enum": [name, one]} for one in base.__members__]}
    if base in PLAIN:
        return {"is": PLAIN[base]}
    if issubclass(base, tuple) and not hasattr(base, "_fields"):
        if len(args) == 2 and args[1] is Ellipsis:
            return {"is": "tuple", "of": shape_of(args[0], depth - 1)}
        each = [shape_of(one, depth - 1) for one in args if one != ()]
        return {"is": "tuple", "each": each} if args else {"is": "tuple", "of": None}
    for kind, name in ((dict, "dict"), (frozenset, "frozenset"), (set, "set"), (list, "list")):
        if issubclass(base, kind):
            return container(name, args, depth)
    name = base.__name__
    if base.__module__ in ("collections.abc", "typing", "collections"):
        if "Mapping" in name:
            return container("dict", args, depth)
        if "Set" in name:
            return container("set", args, depth)
        if name in ("Iterable", "Sequence", "Collection", "Container", "Reversible", "Iterator"):
            return container("list", args, depth)
        if name == "MutableSequence":
            return container("list", args, depth)
        return None
    return fields_of_class(base, depth)


def container(name: str, args: Tuple[Any, ...], depth: int) -> Shape:
    """A container by the types of what it holds."""
    known = [None if isinstance(one, typing.TypeVar) else shape_of(one, depth - 1) for one in args]
    if name == "dict":
        key, value = known if len(known) == 2 else (None, None)
        return {"is": "dict", "keys": key, "of": value}
    return {"is": name, "of": known[0] if known else None}


def fields_of_class(base: type, depth: int) -> Optional[Shape]:
    """A class of the project by its annotated fields: dataclasses, named tuples and the like."""
    names = getattr(base, "__dataclass_fields__", None) or getattr(base, "_fields", None)
    if names is None and not hasattr(base, "__annotations__"):
        return None
    try:
        hints = typing.get_type_hints(base)
    except Exception:
        hints = dict(getattr(base, "__annotations__", {}))
    fields = {name: shape_of(hints.get(name), depth - 1) for name in names or hints}
    if hasattr(base, "__total__"):  # a TypedDict
        return {"is": "record", "fields": fields}
    written = "%s:%s" % (base.__module__, base.__qualname__)
    return {"is": "object", "class": written, "fields": fields}
