"""What stands in the sources of both sides that inputs can be aimed at."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from parity.fuzz.shapes import number_of

MOST = 200
LONGEST = 120
OPERATORS: Final[Mapping[type[ast.AST], str]] = {
    ast.FloorDiv: "divide",
    ast.Mod: "divide",
    ast.Div: "divide",
    ast.Pow: "power",
    ast.LShift: "shift",
    ast.RShift: "shift",
    ast.BitAnd: "bits",
    ast.BitOr: "bits",
    ast.BitXor: "bits",
    ast.Invert: "bits",
    ast.Add: "add",
    ast.Sub: "add",
    ast.Mult: "multiply",
}
NAMES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("round", "quantize", "ceil", "floor", "trunc", "setScale", "rint"), "round"),
    **dict.fromkeys(("sorted", "sort", "min", "max", "nlargest", "compareTo", "compare"), "order"),
    **dict.fromkeys(("divmod", "fmod", "floorDiv", "floorMod", "remainder"), "divide"),
    **dict.fromkeys(("pow", "factorial", "comb", "perm"), "power"),
    **dict.fromkeys(("len", "length", "charAt", "substring", "reverse", "reversed"), "characters"),
    **dict.fromkeys(("ord", "chr", "codePointAt", "toCharArray", "enumerate"), "characters"),
    **dict.fromkeys(("split", "rsplit", "splitlines", "partition", "join", "tokenize"), "split"),
    **dict.fromkeys(("strip", "lstrip", "rstrip", "trim", "isspace", "isWhitespace"), "blank"),
    **dict.fromkeys(("upper", "lower", "title", "capitalize", "casefold", "swapcase"), "case"),
    **dict.fromkeys(("toUpperCase", "toLowerCase", "equalsIgnoreCase", "isupper"), "case"),
    **dict.fromkeys(("islower", "istitle", "isUpperCase", "isLowerCase"), "case"),
    **dict.fromkeys(("isdigit", "isdecimal", "isnumeric", "isalpha", "isalnum"), "digits"),
    **dict.fromkeys(("isDigit", "isLetter", "isLetterOrDigit", "isidentifier"), "digits"),
    **dict.fromkeys(("int", "float", "Decimal", "parseInt", "parseLong", "parseDouble"), "parse"),
    **dict.fromkeys(("complex", "valueOf", "literal_eval", "fromisoformat", "strptime"), "parse"),
    **dict.fromkeys(("str", "repr", "format", "print", "toString", "join"), "written"),
    **dict.fromkeys(("dumps", "loads", "quote", "unquote", "escape", "encode", "decode"), "escape"),
    **dict.fromkeys(("urlencode", "quote_plus", "b64encode", "getBytes", "hexlify"), "escape"),
    **dict.fromkeys(("sum", "fsum", "mean", "prod", "accumulate"), "sum"),
    **dict.fromkeys(("get", "pop", "setdefault", "getOrDefault", "containsKey"), "lookup"),
    **dict.fromkeys(("index", "find", "rfind", "indexOf", "count", "replace"), "search"),
    **dict.fromkeys(("match", "search", "fullmatch", "findall", "sub", "matches"), "pattern"),
    **dict.fromkeys(("replaceAll", "replaceFirst", "compile"), "pattern"),
    **dict.fromkeys(("datetime", "timedelta", "date", "time", "strftime", "timestamp"), "time"),
    **dict.fromkeys(("isoformat", "utcoffset", "ZoneInfo", "fromtimestamp", "toDays"), "time"),
    **dict.fromkeys(("range", "zip", "append", "insert", "remove", "extend", "subList"), "list"),
}
TAKES_PATTERN: Final = ("match", "search", "fullmatch", "findall", "finditer", "sub", "subn")
PATTERN_CALLS: Final = (*TAKES_PATTERN, "split", "compile")


@dataclass(frozen=True, slots=True)
class Sources:
    """Constants of both sides, nearest to the unit first, and the constructs they use."""

    numbers: tuple[int | float, ...] = ()
    texts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    constructs: frozenset[str] = frozenset()


class _Gathered:
    """What was found so far; each once, in its order."""

    def __init__(self) -> None:
        self.numbers: dict[tuple[str, int | float], None] = {}
        self.texts: dict[str, None] = {}
        self.patterns: dict[str, None] = {}
        self.constructs: set[str] = set()

    def value(self, value: object) -> None:
        if isinstance(value, str):
            if 0 < len(value) <= LONGEST:
                self.texts[value] = None
        elif isinstance(value, int | float) and not isinstance(value, bool):
            self.numbers[type(value).__name__, value] = None

    def named(self, name: str) -> None:
        if name in NAMES:
            self.constructs.add(NAMES[name])


def sources_of(python: Mapping[str, Any], java: Mapping[str, Any]) -> Sources:
    """What both sides have in them, from the facts that their workers give."""
    found = _Gathered()
    for text in python.get("sources", ()):
        _read(text, found)
    for form in python.get("values", ()):
        if isinstance(form, dict) and "pattern" in form:
            found.patterns[form["pattern"]] = None
        elif form is not None:
            found.value(form if isinstance(form, str) else number_of(form))
    for form in java.get("numbers", ()):
        found.value(number_of(form))
    for text in java.get("texts", ()):
        found.value(text)
    for call in java.get("calls", ()):
        found.named(call.rpartition(".")[2])
    found.constructs |= set(_of_operations(java.get("operations", ())))
    if "pattern" in found.constructs or "split" in found.constructs:
        for text in list(found.texts):
            if re.search(r"[\\\[(|+*?^$.]", text) and len(text) > 1 and _is_pattern(text):
                found.patterns[text] = None
    return Sources(
        tuple(number for _, number in found.numbers)[:MOST],
        tuple(found.texts)[:MOST],
        tuple(found.patterns)[:MOST],
        frozenset(found.constructs),
    )


def _is_pattern(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            re.compile(text)
    except (re.error, OverflowError, RecursionError):
        return False
    return True


def _of_operations(operations: Sequence[str]) -> Iterator[str]:
    for operation in operations:
        match operation:
            case "whole /" | "whole %" | "real /" | "real %":
                yield "divide"
            case "int" | "long" | "narrowed":
                yield "width"
            case "shift":
                yield "shift"
            case "float":
                yield "single"


def _read(text: str, found: _Gathered) -> None:
    """Reads a source of python: its constants, but for docstrings, and its constructs."""
    try:
        tree = ast.parse(text.strip() if "\n" not in text.strip() else text)
    except (SyntaxError, ValueError, RecursionError):
        return
    told = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            told.add(id(node.value))
        if isinstance(node, ast.Constant) and id(node) not in told:
            found.value(node.value)
        else:
            _construct(node, found)


def _construct(node: ast.AST, found: _Gathered) -> None:
    match node:
        case ast.BinOp(op=op) | ast.AugAssign(op=op) | ast.UnaryOp(op=op):
            word = OPERATORS.get(type(op))
            if word is not None:
                found.constructs.add(word)
            if isinstance(op, ast.Mod):
                found.constructs.add("written")
            if isinstance(op, ast.USub) and isinstance(node, ast.UnaryOp):
                match node.operand:
                    case ast.Constant(value=int() | float() as value):
                        found.value(-value)
        case ast.Call(func=ast.Name(id=name)):
            found.named(name)
        case ast.Call(func=ast.Attribute(attr=name), args=args):
            found.named(name)
            if name in PATTERN_CALLS and args and isinstance(args[0], ast.Constant):
                pattern = args[0].value
                if isinstance(pattern, str) and _is_pattern(pattern):
                    found.patterns[pattern] = None
        case ast.Subscript(slice=ast.Slice()):
            found.constructs |= {"slice", "characters"}
        case ast.Subscript():
            found.constructs |= {"index", "lookup"}
        case ast.Compare(ops=ops):
            found.constructs.add("compare")
            if any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in ops):
                found.constructs.add("order")
            if any(isinstance(op, ast.In | ast.NotIn) for op in ops):
                found.constructs.add("lookup")
        case ast.BoolOp():
            found.constructs.add("truth")
        case ast.JoinedStr():
            found.constructs.add("written")
        case ast.For() | ast.comprehension():
            found.constructs.add("list")
        case ast.Attribute(attr=name):
            found.named(name)
