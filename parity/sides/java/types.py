"""The one table of types: what each declared Java type makes of each Python kind, and back.

The java worker is sent this table and converts by it and by nothing else; docs/types.md is made
from it (`python -m parity.sides.java.types`), and each of its cells is a test.
"""

from __future__ import annotations

import sys
from typing import Final

KINDS: Final = (
    "None",
    "bool",
    "int",
    "float",
    "Decimal",
    "str",
    "bytes",
    "list",
    "tuple",
    "set",
    "frozenset",
    "dict",
    "datetime",
    "aware datetime",
    "date",
    "time",
    "aware time",
    "timedelta",
    "UUID",
    "enum",
    "object",
)

ELEMENTS: Final = ("list", "tuple")
BAGS: Final = ("set", "frozenset")


def _row(*accepted: tuple[tuple[str, ...] | str, str]) -> dict[str, str]:
    row: dict[str, str] = {}
    for kinds, rule in accepted:
        for kind in (kinds,) if isinstance(kinds, str) else kinds:
            row[kind] = rule
    return row


NULL: Final = ("None", "null")

# Declared type of a parameter -> Python kind -> rule. What is not there is refused.
PARAMETERS: Final[dict[str, dict[str, str]]] = {
    "boolean": _row(("bool", "same")),
    "Boolean": _row(NULL, ("bool", "same")),
    "byte": _row(("int", "in range")),
    "Byte": _row(NULL, ("int", "in range")),
    "short": _row(("int", "in range")),
    "Short": _row(NULL, ("int", "in range")),
    "int": _row(("int", "in range")),
    "Integer": _row(NULL, ("int", "in range")),
    "long": _row(("int", "in range")),
    "Long": _row(NULL, ("int", "in range")),
    "BigInteger": _row(NULL, ("int", "same")),
    "float": _row(("int", "if exact"), ("float", "if exact")),
    "Float": _row(NULL, ("int", "if exact"), ("float", "if exact")),
    "double": _row(("int", "if exact"), ("float", "same")),
    "Double": _row(NULL, ("int", "if exact"), ("float", "same")),
    "BigDecimal": _row(NULL, ("int", "scale 0"), ("Decimal", "finite")),
    "Number": _row(NULL, ("int", "smallest"), ("float", "same"), ("Decimal", "finite")),
    "char": _row(("str", "one char")),
    "Character": _row(NULL, ("str", "one char")),
    "String": _row(NULL, ("str", "same")),
    "CharSequence": _row(NULL, ("str", "same")),
    "byte[]": _row(NULL, ("bytes", "same")),
    "ByteBuffer": _row(NULL, ("bytes", "same")),
    "InputStream": _row(NULL, ("bytes", "same")),
    "array": _row(NULL, (ELEMENTS, "by element")),
    "List": _row(NULL, (ELEMENTS, "by element")),
    "Collection": _row(NULL, ((*ELEMENTS, *BAGS), "by element")),
    "Iterator": _row(NULL, (ELEMENTS, "by element")),
    "Stream": _row(NULL, (ELEMENTS, "by element")),
    "Set": _row(NULL, (BAGS, "by element")),
    "Map": _row(NULL, ("dict", "by entry"), ("object", "by field")),
    "Map.Entry": _row(NULL, (ELEMENTS, "by place")),
    "Optional": _row(("None", "empty"), (KINDS[1:], "its value")),
    "LocalDate": _row(NULL, ("date", "same")),
    "LocalTime": _row(NULL, ("time", "same")),
    "OffsetTime": _row(NULL, ("aware time", "same")),
    "LocalDateTime": _row(NULL, ("datetime", "same")),
    "OffsetDateTime": _row(NULL, ("aware datetime", "its offset")),
    "ZonedDateTime": _row(NULL, ("aware datetime", "same")),
    "Instant": _row(NULL, ("aware datetime", "its instant")),
    "Duration": _row(NULL, ("timedelta", "same")),
    "UUID": _row(NULL, ("UUID", "same")),
    "enum": _row(NULL, ("enum", "by name")),
    "record": _row(NULL, ("object", "by field"), ("dict", "by field"), ("tuple", "by place")),
    "bean": _row(NULL, ("object", "by field"), ("dict", "by field")),
    "Object": _row(
        NULL,
        ("bool", "same"),
        ("int", "smallest"),
        ("float", "same"),
        ("Decimal", "finite"),
        ("str", "same"),
        ("bytes", "same"),
        (ELEMENTS, "by element"),
        (BAGS, "by element"),
        ("dict", "by entry"),
        ("datetime", "same"),
        ("aware datetime", "same"),
        ("date", "same"),
        ("time", "same"),
        ("aware time", "same"),
        ("timedelta", "same"),
        ("UUID", "same"),
    ),
    "other": _row(NULL),
}

# What each rule does, for people.
RULES: Final[dict[str, str]] = {
    "same": "accepted: the value as it is",
    "null": "accepted: `null`",
    "empty": "converted: `Optional.empty()`",
    "its value": "converted: an `Optional` of what its type argument makes of it",
    "in range": "accepted where the type holds the number, else refused",
    "if exact": "converted where the type holds the number exactly, else refused",
    "scale 0": "converted: a `BigDecimal` of scale 0",
    "finite": "accepted with its scale; NaN and infinities are refused",
    "smallest": "accepted: `Integer` where it fits, else `Long`, else `BigInteger`",
    "one char": "converted where it is one UTF-16 unit, else refused",
    "by element": "accepted: a new, mutable one, each element by the type argument",
    "by entry": "accepted: a new, mutable one in the same order, keys and values by type argument",
    "by field": "converted by the names of fields; a missing or surplus one is refused",
    "by place": "converted: item by item to the components in their order, or to key and value; as "
    "many as there are",
    "by name": "accepted: the constant of that name",
    "its offset": "converted: zone names are not kept, so only a fixed offset is taken",
    "its instant": "converted: the instant; the offset is not kept",
}

# Type of a Java result -> what it is compared as.
RESULTS: Final[dict[str, str]] = {
    "void, null": "None",
    "boolean, Boolean": "bool",
    "byte, short, int, long, their boxes, BigInteger, AtomicInteger, AtomicLong": "int",
    "float, double, their boxes": "float (a `float` by its exact value)",
    "BigDecimal": "Decimal with its scale",
    "char, Character, String, any CharSequence": "str",
    "byte[], ByteBuffer": "bytes",
    "other arrays, List, Queue, any other Collection": "list; a Python tuple is a list too",
    "Map.Entry": "list of key and value; a Python tuple is a list too",
    "Iterable, Iterator, Stream": "list, read up to `max_items`",
    "Iterable of its own kind (Path, Jackson's JsonNode)": "no form: `toString()`, or "
    "`mapper.convertValue(node, Object.class)`, in a java_expression",
    "Set": "set; a Python frozenset is a set too",
    "Map": 'dict; order counts under compare = ["map-order"] only',
    "Optional, OptionalInt, OptionalLong, OptionalDouble": "its value, or None",
    "Future, CompletionStage": "its value, joined; its failure unwrapped",
    "LocalDate, LocalTime, LocalDateTime": "date, time, naive datetime",
    "OffsetTime, OffsetDateTime, ZonedDateTime": "aware time, aware datetime",
    "Instant": "aware datetime of which only the instant is known (`Z`)",
    "Duration": "timedelta; finer than microseconds has no form",
    "UUID": "UUID",
    "enum": "enum, by the name of the constant",
    "record": "object by component; a Python dict with those keys is the same, and a Python tuple "
    "of those components in their order",
    "class with getters or public fields": "object by property, likewise",
    "anything else": "no form: the fixture is `unknown`, or differs where python raised",
}

# Python kind -> what a Lambda's JSON event makes of it.
WIRE: Final[dict[str, str]] = {
    "None": "accepted",
    "bool": "accepted",
    "int": "accepted",
    "float": "accepted; NaN and infinities are refused",
    "str": "accepted",
    "list": "accepted",
    "dict": "accepted; keys as Python's json writes them",
    "tuple": "converted: an array",
    "object": "converted: an object of its fields",
}


def wire_table() -> dict[str, dict[str, str]]:
    """The table as the java worker is sent it."""
    return PARAMETERS


def markdown() -> str:
    """docs/types.md."""
    lines = [
        "# Types",
        "",
        "Made by `python -m parity.sides.java.types` from the table by which the worker converts.",
        "A value that a parameter cannot hold exactly is `unknown`, naming the parameter; nothing",
        "is coerced. What a table does not name is refused.",
        "",
        "## A Python value as a Java parameter",
        "| declared type | " + " | ".join(KINDS) + " |",
        "|---|" + "---|" * len(KINDS),
    ]
    for declared, row in PARAMETERS.items():
        cells = [row.get(kind, "–") for kind in KINDS]
        lines.append(f"| `{declared}` | " + " | ".join(cells) + " |")
    lines += ["", "| rule | what it does |", "|---|---|"]
    lines += [f"| {rule} | {text} |" for rule, text in RULES.items()]
    lines += ["| – | refused |", "", *NOTES, "", "## A Java result", "| type | compared as |"]
    lines.append("|---|---|")
    lines += [f"| {declared} | {text} |" for declared, text in RESULTS.items()]
    lines += ["", "## On a Lambda's wire", "| Python | in the JSON event |", "|---|---|"]
    lines += [f"| {kind} | {WIRE.get(kind, 'refused')} |" for kind in KINDS]
    return "\n".join(lines) + "\n"


NOTES: Final = (
    "`List` stands for `ArrayList`, `LinkedList`, `Queue`, `Deque` and the like too, `Set` for",
    "`HashSet`, `LinkedHashSet`, `TreeSet`, `Map` for `HashMap`, `LinkedHashMap`, `TreeMap`;",
    "`Collection` is that and `Iterable`; `array` every array but `byte[]`; `Optional` its",
    "primitive forms too.",
    "Type variables and wildcards count as their bound. A `record` or `bean` takes a dict whose",
    "keys are its names. A `record` takes a tuple by place: its components have an order, which",
    "the properties of a bean have not. A namedtuple goes by its names.",
    "`fold` is held by `ZonedDateTime` only.",
)


if __name__ == "__main__":
    sys.stdout.write(markdown())
