"""What the rules of the type table do at their edges, one conversion each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tests.unit.sides.java.cells import ZONED, Form, Made

LANG: Final = "java.lang."
NAN: Final = {"$float": "nan"}
INF: Final = {"$float": "inf"}
MINUS_ZERO: Final = {"$float": "-0.0"}


@dataclass(frozen=True)
class Conversion:
    """A value given to a declared type: what is made of it, or why it is refused."""

    declared: str
    form: Form
    expected: Made | str
    elements: tuple[str | None, ...] | None = None

    @property
    def name(self) -> str:
        return f"{self.declared} of {str(self.form)[:60]}"


def whole(number: int) -> Form:
    return number if abs(number) <= 2**53 else {"$int": str(number)}


def accepted(declared: str, kind: str, *forms: Form) -> list[Conversion]:
    """Each of the values comes back as it was sent, having been of this class."""
    return [Conversion(declared, form, Made(kind, form)) for form in forms]


def refused(declared: str, why: str, *forms: Form) -> list[Conversion]:
    return [Conversion(declared, form, why) for form in forms]


def ranges() -> list[Conversion]:
    found = []
    boxes = {"byte": "Byte", "short": "Short", "int": "Integer", "long": "Long"}
    for bits, (name, box) in zip((8, 16, 32, 64), boxes.items(), strict=True):
        least, most = -(2 ** (bits - 1)), 2 ** (bits - 1) - 1
        for declared in (name, box):
            found += accepted(declared, LANG + box, whole(least), whole(most))
            why = f"out of the range of {declared}"
            found += refused(declared, why, whole(least - 1), whole(most + 1), whole(2**70))
    return found


def smallest(declared: str) -> list[Conversion]:
    return [
        *accepted(declared, f"{LANG}Integer", 2**31 - 1, -(2**31)),
        *accepted(declared, f"{LANG}Long", 2**31, whole(2**63 - 1), whole(-(2**63))),
        *accepted(declared, "java.math.BigInteger", whole(2**63), whole(-(2**63) - 1)),
    ]


def floats() -> list[Conversion]:
    found = []
    for single, double in (("float", "double"), ("Float", "Double")):
        found += accepted(single, f"{LANG}Float", 0.5, NAN, INF, MINUS_ZERO, 1.401298464324817e-45)
        found += refused(
            single, f"no exact {single}", 0.1, 1e39, 1e-46, 2**24 + 1, whole(2**53 + 1)
        )
        found += [Conversion(single, 2**24, Made(f"{LANG}Float", 16777216.0))]
        found += accepted(double, f"{LANG}Double", 0.1, NAN, INF, MINUS_ZERO, 5e-324)
        found += [Conversion(double, whole(2**70), Made(f"{LANG}Double", 2.0**70))]
        found += refused(double, f"no exact {double}", whole(2**53 + 1), whole(10**400))
    return found


def decimals() -> list[Conversion]:
    found = []
    for declared in ("BigDecimal", "Number", "Object"):
        texts = ("1.10", "0.00", "-1E+2", "1E-30", "123456789012345678901234567890")
        found += accepted(declared, "java.math.BigDecimal", *({"$decimal": text} for text in texts))
        found += refused(
            declared, "BigDecimal", *({"$decimal": t} for t in ("NaN", "sNaN", "Infinity"))
        )
        found += refused(declared, "no negative zero", {"$decimal": "-0"}, {"$decimal": "-0.00"})
        found += refused(declared, "no negative zero", {"$decimal": "-0E+3"})
    big = whole(2**70)
    return [
        *found,
        Conversion("BigDecimal", big, Made("java.math.BigDecimal", {"$decimal": big["$int"]})),
    ]


def texts() -> list[Conversion]:
    found = []
    for declared in ("char", "Character"):
        found += accepted(declared, f"{LANG}Character", "\u0000", "ß", "\ud83d", "\uffff")
        found += refused(declared, "one UTF-16 unit, not 0", "")
        found += refused(declared, "one UTF-16 unit, not 2", "ab", "😀", "e\u0301")
    for declared in ("String", "CharSequence", "Object"):
        found += accepted(declared, f"{LANG}String", "", "😀", "a\ud83d", "\ude00\ud83d", "\u0000")
    return found


def times() -> list[Conversion]:
    """Folds, zones, gaps, and offsets that Java does not have."""
    day = "2024-01-01T00:00:00"

    def at(text: str) -> Form:
        return {"$datetime": text}

    gap = at("2024-03-31T02:30:00+01:00[Europe/Berlin]")
    zoned = at("2024-10-27T02:30:00+02:00[Europe/Berlin]")
    berlin = at(f"{day}+01:00[Europe/Berlin]")
    found = [
        *accepted("ZonedDateTime", "java.time.ZonedDateTime", at(ZONED), zoned, berlin),
        *accepted("ZonedDateTime", "java.time.ZonedDateTime", at("1900-01-01T00:00:00+00:53:28")),
        *accepted("Object", "java.time.ZonedDateTime", at(ZONED), berlin),
        *refused("ZonedDateTime", "does not exist in its zone", gap),
        *refused("ZonedDateTime", "fold says nothing", at(f"{day}+01:00[Europe/Berlin][_fold=1]")),
        *refused("ZonedDateTime", "fold says nothing", at(f"{day}+01:00[_fold=1]")),
        *refused("OffsetDateTime", "its zone has a name", berlin),
        *refused("OffsetDateTime", "fold is held by", at(f"{day}+01:00[_fold=1]")),
        *refused("LocalDateTime", "fold is held by", at(f"{day}[_fold=1]")),
        *refused("LocalTime", "fold is held by", {"$time": "00:00:00[_fold=1]"}),
        *refused("OffsetTime", "fold is held by", {"$time": "00:00:00+01:00[_fold=1]"}),
        *accepted(
            "LocalDate", "java.time.LocalDate", {"$date": "0001-01-01"}, {"$date": "9999-12-31"}
        ),
        *accepted("LocalTime", "java.time.LocalTime", {"$time": "23:59:59.999999"}),
        *accepted("Duration", "java.time.Duration", {"$timedelta": "-86399999913600"}),
        *accepted(
            "Duration", "java.time.Duration", {"$timedelta": "-0.000001"}, {"$timedelta": "0"}
        ),
    ]
    instants = {
        ZONED: "2024-10-27T01:30:00Z",
        "2024-10-27T02:30:00+02:00[Europe/Berlin]": "2024-10-27T00:30:00Z",
        f"{day}.000001-03:30": "2024-01-01T03:30:00.000001Z",
        f"{day}[Europe/Berlin]": "2023-12-31T23:00:00Z",
    }
    found += [
        Conversion("Instant", at(text), Made("java.time.Instant", at(instant)))
        for text, instant in instants.items()
    ]
    for declared in ("OffsetDateTime", "ZonedDateTime", "Instant", "Object"):
        for offset in ("+19:00", "+00:53:28.500000"):
            found += refused(declared, "", at(day + offset))
    found += refused("OffsetTime", "", {"$time": "00:00:00+19:00"})
    found += refused("OffsetTime", "", {"$time": "00:00:00+00:00[UTC]"})
    found += refused("LocalTime", "", {"$time": "00:00:00[Europe/Berlin]"})
    found += refused("ZonedDateTime", "", at(f"{day}+01:00[No/Where]"))
    # As where the JDK's table of zones and Python's do not agree.
    for declared in ("ZonedDateTime", "Object"):
        found += refused(declared, "offset", at(f"{day}+05:00[Europe/Berlin]"))
    return found


CONVERSIONS: Final[list[Conversion]] = [
    *ranges(),
    *smallest("Object"),
    *smallest("Number"),
    *accepted("BigInteger", "java.math.BigInteger", 0, whole(2**70), whole(-(2**63) - 1)),
    *floats(),
    *decimals(),
    *texts(),
    *times(),
]
