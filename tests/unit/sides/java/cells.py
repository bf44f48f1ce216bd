"""The type table once more, by hand: what each declared Java type makes of each Python kind.

What a row does not name is refused. `parity.sides.java.types` is held against this, and both
against a JVM.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

Form = Any


@dataclass(frozen=True)
class Made:
    """The Java class that a parameter was given, and the value that came back."""

    kind: str | None
    value: Form


NULL: Final = Made(None, None)
ZONED: Final = "2024-10-27T02:30:00+01:00[Europe/Berlin][_fold=1]"
POINT: Final = {"$object": ["cells.Point", {"x": 1, "y": 2}, "record"]}
BEAN: Final = {"$object": ["cells.Bean", {"x": 1, "y": 2}]}

# One value of each Python kind, such that whatever takes the kind takes the value.
SAMPLES: Final[dict[str, Form]] = {
    "None": None,
    "bool": True,
    "int": 7,
    "float": 2.5,
    "Decimal": {"$decimal": "1.10"},
    "str": "x",
    "bytes": {"$bytes": "AP8Q"},
    "list": [1, 2],
    "tuple": {"$tuple": [1, 2]},
    "set": {"$set": [1, 2]},
    "frozenset": {"$frozenset": [1, 2]},
    "dict": {"x": 1, "y": 2},
    "datetime": {"$datetime": "2024-10-27T02:30:00.000001"},
    "aware datetime": {"$datetime": "2024-10-27T02:30:00+01:00"},
    "date": {"$date": "2024-02-29"},
    "time": {"$time": "02:30:00"},
    "aware time": {"$time": "02:30:00-03:30"},
    "timedelta": {"$timedelta": "-1.5"},
    "UUID": {"$uuid": "12345678-1234-5678-1234-567812345678"},
    "enum": {"$enum": ["shop:Colour", "RED"]},
    "object": {"$object": ["shop:Point", {"x": 1, "y": 2}]},
}


def same(kind: str, *accepted: str) -> dict[str, Made]:
    """These kinds come back as they were sent, having been an object of this class."""
    return {name: Made(kind, SAMPLES[name]) for name in accepted}


def boxed(name: str, *accepted: str) -> dict[str, Made]:
    return {"None": NULL, **same(f"java.lang.{name}", *accepted)}


def nullable(kind: str, *accepted: str) -> dict[str, Made]:
    return {"None": NULL, **same(kind, *accepted)}


def items(kind: str, *accepted: str) -> dict[str, Made]:
    """These kinds come back as a list."""
    return {"None": NULL, **{name: Made(kind, [1, 2]) for name in accepted}}


def bag(kind: str, *accepted: str) -> dict[str, Made]:
    return {name: Made(kind, {"$set": [1, 2]}) for name in accepted}


FLOAT_OF_INT: Final = {"int": Made("java.lang.Float", 7.0)}
DOUBLE_OF_INT: Final = {"int": Made("java.lang.Double", 7.0)}
FIELDS: Final = {"x": 1, "y": 2}
DECIMAL: Final = same("java.math.BigDecimal", "Decimal")
ANYTHING: Final[dict[str, Made]] = {
    **boxed("Boolean", "bool"),
    **same("java.lang.Integer", "int"),
    **same("java.lang.Double", "float"),
    **DECIMAL,
    **same("java.lang.String", "str"),
    **same("[B", "bytes"),
    **items("java.util.ArrayList", "list", "tuple"),
    **bag("java.util.LinkedHashSet", "set", "frozenset"),
    **same("java.util.LinkedHashMap", "dict"),
    **same("java.time.LocalDateTime", "datetime"),
    **same("java.time.OffsetDateTime", "aware datetime"),
    **same("java.time.LocalDate", "date"),
    **same("java.time.LocalTime", "time"),
    **same("java.time.OffsetTime", "aware time"),
    **same("java.time.Duration", "timedelta"),
    **same("java.util.UUID", "UUID"),
}
OPTIONAL: Final = {
    "enum": Made("java.util.Optional", {"$enum": ["cells.Colour", "RED"]}),
    "object": Made("java.util.Optional", POINT),
    **{kind: Made("java.util.Optional", made.value) for kind, made in ANYTHING.items()},
}

# Row of the table -> Python kind -> what is made.
CELLS: Final[dict[str, dict[str, Made]]] = {
    "boolean": same("java.lang.Boolean", "bool"),
    "Boolean": boxed("Boolean", "bool"),
    "byte": same("java.lang.Byte", "int"),
    "Byte": boxed("Byte", "int"),
    "short": same("java.lang.Short", "int"),
    "Short": boxed("Short", "int"),
    "int": same("java.lang.Integer", "int"),
    "Integer": boxed("Integer", "int"),
    "long": same("java.lang.Long", "int"),
    "Long": boxed("Long", "int"),
    "BigInteger": nullable("java.math.BigInteger", "int"),
    "float": FLOAT_OF_INT | same("java.lang.Float", "float"),
    "Float": FLOAT_OF_INT | boxed("Float", "float"),
    "double": DOUBLE_OF_INT | same("java.lang.Double", "float"),
    "Double": DOUBLE_OF_INT | boxed("Double", "float"),
    "BigDecimal": {"None": NULL, "int": Made("java.math.BigDecimal", {"$decimal": "7"}), **DECIMAL},
    "Number": boxed("Integer", "int") | boxed("Double", "float") | DECIMAL,
    "char": same("java.lang.Character", "str"),
    "Character": boxed("Character", "str"),
    "String": boxed("String", "str"),
    "CharSequence": boxed("String", "str"),
    "byte[]": nullable("[B", "bytes"),
    "ByteBuffer": nullable("java.nio.ByteBuffer", "bytes"),
    "InputStream": nullable("java.io.ByteArrayInputStream", "bytes"),
    "array": items("[J", "list", "tuple"),
    "List": items("java.util.ArrayList", "list", "tuple"),
    "Collection": items("java.util.ArrayList", "list", "tuple")
    | bag("java.util.LinkedHashSet", "set", "frozenset"),
    "Iterator": items("java.util.Iterator", "list", "tuple"),
    "Stream": items("java.util.stream.Stream", "list", "tuple"),
    "Set": {"None": NULL} | bag("java.util.LinkedHashSet", "set", "frozenset"),
    "Map": {
        **nullable("java.util.LinkedHashMap", "dict"),
        "object": Made("java.util.LinkedHashMap", FIELDS),
    },
    "Map.Entry": {
        "None": NULL,
        **dict.fromkeys(("list", "tuple"), Made("java.util.AbstractMap$SimpleEntry", [1, 2])),
    },
    "Optional": OPTIONAL,
    "LocalDate": nullable("java.time.LocalDate", "date"),
    "LocalTime": nullable("java.time.LocalTime", "time"),
    "OffsetTime": nullable("java.time.OffsetTime", "aware time"),
    "LocalDateTime": nullable("java.time.LocalDateTime", "datetime"),
    "OffsetDateTime": nullable("java.time.OffsetDateTime", "aware datetime"),
    "ZonedDateTime": nullable("java.time.ZonedDateTime", "aware datetime"),
    "Instant": {
        "None": NULL,
        "aware datetime": Made("java.time.Instant", {"$datetime": "2024-10-27T01:30:00Z"}),
    },
    "Duration": nullable("java.time.Duration", "timedelta"),
    "UUID": nullable("java.util.UUID", "UUID"),
    "enum": {"None": NULL, "enum": Made("cells.Colour", {"$enum": ["cells.Colour", "RED"]})},
    "record": {
        "None": NULL,
        **dict.fromkeys(("object", "dict", "tuple"), Made("cells.Point", POINT)),
    },
    "bean": {"None": NULL, **dict.fromkeys(("object", "dict"), Made("cells.Bean", BEAN))},
    "Object": ANYTHING,
    "other": {"None": NULL},
}

# The declared type that stands for a row, where that is not the row's own name.
DECLARED: Final = {
    "array": "long[]",
    "List": "List<Long>",
    "Collection": "Collection<Long>",
    "Iterator": "Iterator<Long>",
    "Stream": "Stream<Long>",
    "Set": "Set<Long>",
    "Map": "Map<String, Long>",
    "Map.Entry": "Map.Entry<Long, Long>",
    "Optional": "Optional<Object>",
    "enum": "Colour",
    "record": "Point",
    "bean": "Bean",
    "other": "Thread",
}
OPTIONAL_OF: Final = {"enum": "Optional<Colour>", "object": "Optional<Point>"}


def declared(row: str, kind: str) -> str:
    """The Java type that is declared for a cell."""
    if row == "Optional" and kind in OPTIONAL_OF:
        return OPTIONAL_OF[kind]
    return DECLARED.get(row, row)
