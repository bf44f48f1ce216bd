"""Java names for Python ones: packages, classes, methods, parameters; each only once."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

KEYWORDS: Final = frozenset(
    """
    abstract assert boolean break byte case catch char class const continue default do
    double else enum extends final finally float for goto if implements import instanceof
    int interface long native new package private protected public return short static
    strictfp super switch synchronized this throw throws transient try void volatile while
    true false null var record yield sealed permits _
    """.split()
)
OF_OBJECTS: Final = frozenset(
    """
    clone equals finalize getClass hashCode notify notifyAll toString wait
    """.split()
)
USED: Final = frozenset(  # the second half: what needs no import
    """
    Collection Context Duration BigDecimal BigInteger List LocalDate LocalDateTime LocalTime
    Map OffsetDateTime PortedFrom RequestHandler Set UUID ZonedDateTime

    ArithmeticException AutoCloseable Boolean Byte CharSequence Character Class ClassCastException
    Cloneable Comparable Deprecated Double Enum Error Exception Float FunctionalInterface
    IllegalArgumentException IllegalStateException IndexOutOfBoundsException Integer
    InterruptedException Iterable Long Math Module NullPointerException Number
    NumberFormatException Object Override Package Process ProcessBuilder Record Runnable Runtime
    RuntimeException Short StackTraceElement String StringBuffer StringBuilder SuppressWarnings
    System Thread ThreadLocal Throwable UnsupportedOperationException Void
    """.split()
)
WORD: Final = re.compile(r"[^\W_]+")


def upper(name: str) -> str:
    """`plan_moves` and `planMoves` as `PlanMoves`."""
    joined = "".join(word[:1].upper() + word[1:] for word in WORD.findall(name)) or "Unit"
    return f"N{joined}" if joined[0].isdigit() else joined


def lower(name: str) -> str:
    """`plan_moves` as `planMoves`; a keyword gets a `_` behind it."""
    joined = upper(name)
    head = joined[:1].lower() + joined[1:] if not joined.isupper() else joined.lower()
    return f"{head}_" if head in KEYWORDS else head


def method(name: str) -> str:
    """The name of a method: none that every object has."""
    found = lower(name)
    return f"{found}_" if found in OF_OBJECTS else found


def package(base: str, module: str) -> str:
    """The package of a module, below a base."""
    parts = []
    for part in module.split("."):
        word = "".join(WORD.findall(part)).lower() or "x"
        word = f"n{word}" if word[0].isdigit() else word
        parts.append(f"{word}_" if word in KEYWORDS else word)
    return ".".join([*([base] if base else []), *parts])


@dataclass
class Taken:
    """Simple names of classes that are given away, whatever their package and case."""

    names: dict[str, str] = field(default_factory=dict)

    def simple(self, wanted: str, owner: str) -> str:
        """The name that `owner` gets: the same each time, and nobody else's."""
        number = 1
        while True:
            name = wanted if number == 1 else f"{wanted}{number}"
            if name not in USED and self.names.setdefault(name.casefold(), owner) == owner:
                return name
            number += 1
