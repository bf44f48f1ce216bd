"""Values at which python and java tend to part, by type; first those aimed at what is in use."""

from __future__ import annotations

import itertools
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from parity.fuzz.sources import Sources
from parity.fuzz.tagged import near_tagged
from parity.model import Form
from parity.values.form import write

WIDTHS: Final = (7, 8, 15, 16, 31, 32, 53, 62, 63, 64)
SMALL: Final = (0, 1, -1, 2, -2, 3, -3, 5, -5, 7, -7, 10, -10, 12, 13, 100, -100)
INT_GROUPS: Final[Mapping[str, tuple[int, ...]]] = {
    "width": tuple(
        one for bits in WIDTHS for one in (2**bits - 1, 2**bits, -(2**bits), -(2**bits) - 1)
    ),
    "multiply": tuple(
        one
        for bits in (31, 32, 63, 64)
        for one in (math.isqrt(2**bits), math.isqrt(2**bits) + 1, -math.isqrt(2**bits) - 1)
    ),
    "add": tuple(
        one for bits in (31, 63) for one in (2**bits - 1, 2**bits - 2, 2 ** (bits - 1), -(2**bits))
    ),
    "divide": (-7, 7, -1, 1, -8, 9, 2**53 + 1, -(2**53) - 1, 2**53 - 1, 3, -3, 10**17 + 1, -100),
    "power": (0, 1, 2, 3, 10, 20, 25, 31, 32, 40, 62, 63, 64, -1, -2, 12, 13, 21),
    "shift": (31, 32, 33, 63, 64, 65, 0, -1, 1, 100),
    "index": (-1, 0, 1, -2, -3, 2, 3, 4, 5, 10, 100, -100),
    "round": (0, 1, 2, 3, -1, -2, 15, 16, 17, 5, 25, 35, 125, 250),
    "written": (999, 1000, -1000, 10**6 + 1, -255, 255, 16, -16, 8, -1, 10**15),
    "time": (0, 59, 60, 3599, 3600, 86399, 86400, -1, -86400, 29, 28, 31, 12, 1900, 1970, 23),
    "bits": (127, 128, 255, 256, -128, -129, 2**16 - 1, 2**31 - 1, 2**32 - 1, -1),
}
HALVES: Final = tuple(
    (whole + 0.5) / 10**places
    for whole in (0, 1, 2, 12, 37, 104, 255, 267, 100, -1, -3, -13)
    for places in (0, 1, 2, 3)
)
"""Numbers that are as near to one decimal as to the next, or nearly so."""
FLOAT_GROUPS: Final[Mapping[str, tuple[float, ...]]] = {
    "round": (*HALVES, -0.001, 1e15 + 0.5, 2.0**52 + 1.5, math.nextafter(0.5, 0.0), 99.995),
    "written": (
        *(1e16, 1e7, 1e-4, 1e-5, 1e22, 1e23, 1e15, 1e17, 100.0, 1.0, 0.001, 1e100, 1e-100, 1e6),
        *(math.ulp(0.0), sys.float_info.min, sys.float_info.max, 0.1 + 0.2, 1 / 3, 1e21, 1e5),
        *(999999.5, 9.5e-5, 123456.7, 1.5, 2.0**53 + 2, 10.0**6 / 7, 10.0**9 / 7),
    ),
    "special": (-0.0, 0.0, math.nan, math.inf, -math.inf),
    "width": tuple(
        one for bits in (31, 32, 53, 63, 64) for one in (2.0**bits, -(2.0**bits), 2.0**bits * 1.5)
    ),
    "divide": (-7.25, 7.25, 2.0, -2.0, 3.0, -3.0, 1e18, -1e18, 0.1, 0.3, -0.1, 1.0, -1.0, -0.25),
    "sum": (0.1, 0.2, 0.3, 0.7, 1e16, 1.0, -1e16, 1e-16, 1e308, -1e308, 1e100),
    "compare": (1.0, 0.0, -1.0, 2.0, math.nextafter(1.0, 2.0), math.nextafter(1.0, 0.0)),
    "single": (0.1, 2.0**24 + 1, 1e39, 1e-46, 0.3, 1 / 3),
}
BLANKS: Final = (
    *(" ", "\t", "\n", "\r", "\x0b", "\x0c", "\x1c", "\x1f", "\x85", "\u00a0", "\u1680", "\u2003"),
    *("\u2028", "\u202f", "\u3000", "\u200b", "\ufeff", "\x00"),
)
"""What one side or the other takes for a blank, and what neither does but looks like one."""
TEXT_GROUPS: Final[Mapping[str, tuple[str, ...]]] = {
    "characters": (
        *("x\U0001f680", "\U0001f680", "\U0001f680y", "x\U0001f680y", "o\u0308", "\U0001d7da"),
        *("\U0001f44b\U0001f3fe", "\ufffd", "\U0001f1eb\U0001f1f7", "\U00010428", "x\u200dy"),
    ),
    "blank": (
        *tuple(one for blank in BLANKS for one in (blank + "x", "x" + blank, blank)),
        *(" x ", "  x  "),
    ),
    "split": (
        *(
            "x  y",
            " x y ",
            "x,y",
            "x,,y",
            ",",
            ",x,",
            "x|y",
            "x.y",
            "x y z",
            "\r\n",
            "x\r\ny",
            "x\n\n",
        ),
        *tuple("x" + blank + "y" for blank in BLANKS),
    ),
    "case": (
        *("\u00df", "wei\u00df", "\u0130", "i\u0307", "\u0131", "\u017f", "\u212a", "\u01c6"),
        *("\ufb02", "\u039f\u03a3", "\u03c2", "don't", "x2y", "xY", "Xy", "XY", "xy zw", "\u01c5"),
        *("\u0149", "\u1e9e", "o'neil", "x-y", "x_y", "2nd", "\u00b5", "\u0345", "\u10d0"),
    ),
    "digits": (
        *(
            "\u0664",
            "\uff13\uff14",
            "\u00b3",
            "\u2166",
            "\u00be",
            "\u0968",
            "1x",
            "x1",
            "-1",
            "2.5",
        ),
        *("\u00e8", "\u5b57", "_", "x_y", "\u2461", "\U0001d7db", "\u00ba", "\u0e02"),
    ),
    "parse": (
        *("0", "1", "-1", "+1", " 7 ", "2_0", "2__0", "_2", "0x2f", "0b1", "0o7", "2e5", "2E5"),
        *("2.", ".5", "2d", "2f", "2L", "0x1p1", "nan", "NaN", "inf", "Infinity", "-inf", "1e400"),
        *("-0", "00", "007", "3,000", "--1", "\u0662", "7\n", str(2**31), str(2**63), "1 2", "+ 1"),
        *("2.0", "2.50", "-0.0", "1e-7", "true", "True", "None", "null", "2e", "7.0", "7.00"),
    ),
    "escape": (
        *('"', 'x"y', "\\", "x\\y", "\u00e8", "\u5b57", "\x7f", "\x01", "\t", "/", "x/y", "<", ">"),
        *(
            "&",
            "'",
            "x y",
            "x+y",
            "~",
            "*",
            "%",
            "%2f",
            "#",
            "?",
            "=",
            "\u2028",
            "\U0001f680",
            "-._",
        ),
        *("x" * 57, "x" * 58, "x" * 76, "x" * 90),
    ),
    "search": (
        "xx",
        "xxx",
        "xxxx",
        "xyxy",
        "xyxyx",
        "x.y",
        "x|y",
        "$1",
        "\\1",
        "x$y",
        "(x)",
        "[x]",
    ),
    "pattern": (
        *("x\n", "\n", "\u00e8", "\u0664", "x.y", "x\r", "x\u2028", "X", "\u017f", "\u212a", "_"),
        *("x\ny", "x y", "\u00a0", "xy", "xY"),
    ),
    "lookup": ("", "a", "A", "b", "key", "__proto__", "0", "None"),
    "order": ("a", "B", "b", "A", "\ufffd", "\U0001f680", "\u00e8", "z", "Z", "_", "10", "9", "xx"),
    "path": (
        *(
            "/",
            "/x",
            "x/",
            "x//y",
            ".",
            "..",
            "../x",
            ".profile",
            "x.y/z",
            "x.tar.gz",
            "x.",
            ".x.y",
        ),
        *("~", "C:\\x", "//x", "./x", "x/.y", "..x"),
    ),
    "plain": ("", "a", "b", "ab", "abc", "x", "1", "A", " ", "x" * 100, "some words here", "True"),
    "time": (
        *("2023-02-28", "1970-01-01", "2023-05-06T07:08:09", "2023-05-06T07:08:09Z", "24:00"),
        *("2023-05-06T07:08", "2023-05-06T07:08:09.123456+00:00", "2023-02-29", "12/31/1999"),
    ),
}
COUPLES: Final[Mapping[tuple[str, str], tuple[tuple[Form, Form], ...]]] = {
    ("str", "str"): (
        *(("\ufffd", "\U0001f680"), ("a", "B"), ("x", "X"), ("\u00e8", "e\u0300"), ("", "x")),
        *(("\u00df", "ss"), ("\u00e8", "z"), ("10", "9"), ("x\ufb02", "x\U00010428"), ("xx", "x")),
        *(("\u0130", "i"), ("xyx", "x"), ("x.y", "."), ("x", ""), ("\u212a", "k"), ("x ", "x")),
        *(("x\U0001f680y", "y"), ("xxx", "xx"), ("_", "a"), ("1.0", "1"), ("\u03c3", "\u03c2")),
    ),
    ("int", "int"): (
        *((-9, 4), (9, -4), (2**31 - 1, 5), (2**63 - 1, 3), (-(2**63), -1), (5, -2), (3, 70)),
        *((0, 0), (129, 129), (127, 127), (2**16, 2**15), (2**32, 2**31), (3, 65), (2**62, 2)),
        *((-1, 4), (5, 33), (-16, 3), (2**53 + 1, 1), (10, 3), (-1, 3), (0, -1), (2**31, 2**31)),
    ),
    ("float", "float"): (
        *((-8.25, 3.0), (8.25, -3.0), (0.0, -0.0), (-27.0, 1 / 3), (0.1, 0.7), (1.0, 0.0)),
        *((0.0, 0.0), (1e308, 10.0), (1e16, 1.0), (6.0, 0.3), (-1e-18, 7.0), (math.nan, 1.0)),
        *((math.nan, math.nan), (math.inf, 2.0), (2.0, math.inf), (1.0, -math.inf)),
        *((1.0, math.nan), (2.0, 1024.0)),
    ),
    ("float", "int"): (
        *((6.5, 0), (0.345, 2), (10.075, 2), (0.625, 2), (3650.0, -2), (45.0, -1), (-4.5, 0)),
        *((1e16, 1), (2.0, 1024), (-8.0, 3), (0.0, -1), (1.5, 2**53 + 1), (math.inf, 2)),
    ),
}
"""Two values at once at which the languages part, by the kinds of both."""
LONE: Final = ("\ud800", "a\udfff", "\udc00b")
LETTERS: Final = "abcdexyzABZ"
CLASSES: Final[tuple[str, ...]] = (
    *("\U0001f680", "\u0308", "\u00df", "\u0130", "\u00e8", "\u0664", "\uff13", "\u00b3"),
    *("\uffee", "\U0001d400", "\u01c6", "\u03a3", "\u200d", "0", "9", "A", "z"),
    *BLANKS,
    *"-_'\"\\/.,;|$%&+*([{<#~=:@!?^",
)
"""One character of each class that functions on texts tell apart."""
DECIMALS: Final = (
    *("0", "1", "-1", "0.5", "1.5", "2.5", "-0.5", "7.0", "7.00", "1.10", "0.375", "3.745", "1E+2"),
    *(
        "1E-7",
        "0E-10",
        "1E+10",
        "123456789012345678901234567890",
        "0.1",
        "-0",
        "3.333333333333",
        "10",
    ),
    *("99.995", "0.005", "7.005", "1e-30", "12345678.90"),
)
DATETIMES: Final = (
    *("2024-02-29T00:00:00", "1970-01-01T00:00:00", "2023-05-06T07:08:09", "2024-12-31T23:59:59"),
    *("2023-03-01T12:00:00.123456", "0001-01-01T00:00:00", "9999-12-31T23:59:59.999999"),
    *(
        "1969-12-31T23:59:59.999999",
        "2024-03-10T02:30:00",
        "2024-11-03T01:30:00",
        "2000-01-01T00:00:00.1",
    ),
    *("2024-01-01T00:00:00", "2024-12-30T00:00:00", "2021-01-03T00:00:00", "1900-02-28T10:00:00.5"),
)
ZONES: Final = ("Z", "+00:00", "+01:00", "-05:00", "+05:30", "-00:30", "+14:00")
NAMED: Final = (
    "2024-03-10T03:30:00-04:00[America/New_York]",
    "2024-11-03T01:30:00-04:00[America/New_York]",
    "2024-11-03T01:30:00-05:00[America/New_York][_fold=1]",
    "2024-03-31T03:30:00+02:00[Europe/Berlin]",
    "2024-07-01T12:00:00+05:30[Asia/Kolkata]",
)
TIMEDELTAS: Final = (
    *("0", "1", "-1", "0.000001", "-0.000001", "86400", "-86400", "86399.999999", "90000", "3600"),
    *("1.5", "-1.5", "59.9", "31536000", "604800", "-90061.5"),
)
UUIDS: Final = (
    "00000000-0000-0000-0000-000000000000",
    "ffffffff-ffff-ffff-ffff-ffffffffffff",
    "12345678-1234-4234-8234-123456789abc",
    "80000000-0000-1000-8000-000000000000",
)
BYTES: Final = ("", "AA==", "/w==", "gA==", "YQ==", "YWJj", "w6k=", "AH+A/w==", "DQo=")
SWEEP: Final = 130


@dataclass(frozen=True, slots=True)
class Edges:
    """The values of one unit, by type: made once, in the order in which they are tried."""

    ints: tuple[int, ...]
    floats: tuple[float, ...]
    texts: tuple[str, ...]
    vocabulary: tuple[str, ...]
    """Texts of the sources, for what is made of texts."""

    @classmethod
    def of(cls, sources: Sources) -> Edges:
        """The values for a unit with these sources."""
        aimed = sources.constructs
        texts = [*_of_constants(sources.texts), *sources.patterns]
        return cls(
            tuple(_each_once(_ints(sources, aimed))),
            tuple(_each_once(_floats(sources, aimed))),
            tuple(_each_once([*texts, *_grouped(TEXT_GROUPS, aimed, "plain")])),
            tuple(one for one in sources.texts if len(one) < 40),
        )

    def scalars(self, kind: str, low: int | None, high: int | None) -> Iterator[Form]:
        """Values of a scalar kind in fixture form."""
        match kind:
            case "None":
                yield None
            case "bool":
                yield from (True, False)
            case "int":
                for number in self.ints:
                    if (low is None or number >= low) and (high is None or number <= high):
                        yield write(number, "$")
            case "float":
                yield from (write(number, "$") for number in self.floats)
            case "single":
                yield from (0.5, 1.5, -0.5, 0.25, 0.0, 1.0, 16777216.0, 2.5, {"$float": "-0.0"})
                yield from ({"$float": "nan"}, {"$float": "inf"}, 0.1015625, 1e10, -2.75, 1048576.0)
            case "char":
                yield from ("a", "A", "0", " ", "\u00e9", "\u00df", "\u0663", "-", "\n", "z", "_")
                yield from (one for one in self.vocabulary if len(one) == 1 and ord(one) < 0x10000)
            case "str":
                yield from self.texts
            case _:
                yield from rarer(kind)


def couples(one: str, other: str) -> Iterator[tuple[Form, Form]]:
    """Values for two places of these kinds, in both orders."""
    for first, second in COUPLES.get((one, other), ()):
        yield write(first, "$"), write(second, "$")
    for first, second in COUPLES.get((other, one), ()):
        yield write(second, "$"), write(first, "$")


def rarer(kind: str) -> Iterator[Form]:
    """Values of the kinds that are their own form under a tag."""
    match kind:
        case "Decimal":
            yield from ({"$decimal": one} for one in DECIMALS)
        case "bytes":
            yield from ({"$bytes": one} for one in BYTES)
            yield from near_tagged({"$bytes": BYTES[4]})
        case "datetime":
            yield from ({"$datetime": one} for one in DATETIMES)
        case "offset datetime":
            for zone, plain in itertools.product(ZONES, DATETIMES[:5]):
                yield {"$datetime": plain + zone}
        case "aware datetime":
            yield from ({"$datetime": one} for one in NAMED)
            for zone, plain in itertools.product(ZONES, DATETIMES[:5]):
                yield {"$datetime": plain + zone}
        case "date":
            yield from ({"$date": one} for one in dict.fromkeys(one[:10] for one in DATETIMES))
        case "time":
            yield from ({"$time": one} for one in dict.fromkeys(one[11:] for one in DATETIMES))
        case "aware time":
            yield from ({"$time": DATETIMES[2][11:] + zone} for zone in ZONES)
        case "timedelta":
            yield from ({"$timedelta": one} for one in TIMEDELTAS)
        case "UUID":
            yield from ({"$uuid": one} for one in UUIDS)


def _ints(sources: Sources, aimed: frozenset[str]) -> Iterator[int]:
    whole = [int(one) for one in sources.numbers if math.isfinite(one) and one == int(one)]
    yield from SMALL[:9]
    for number in whole[:40]:
        yield from (number, number + 1, number - 1, -number)
    for one, other in itertools.combinations(whole[:9], 2):
        yield from (one * other, one + other, one - other, one * other + 1)
    for number in whole[:12]:
        yield from (number * 2, number * 10, number * number, number // 2, number + 2)
    yield from _grouped(INT_GROUPS, aimed, "width")
    yield from SMALL
    yield from range(SWEEP)
    yield from range(-1, -20, -1)
    for power in range(1, 19):
        yield from (10**power - 1, 10**power, 10**power + 1, -(10**power))
    yield from whole


def _floats(sources: Sources, aimed: frozenset[str]) -> Iterator[float]:
    finite = [float(one) for one in sources.numbers if abs(one) < 1e300]
    yield from (1.0, -1.0, 0.5)
    for number in finite[:30]:
        yield from (number, number + 0.5, -number)
        yield from (math.nextafter(number, math.inf), math.nextafter(number, -math.inf))
    yield from _grouped(FLOAT_GROUPS, aimed, "special")
    yield from (float(one) for one in range(20))
    yield from (one / 8 for one in range(-12, 30))
    yield from (one / 100 for one in range(5, 300, 10))
    for power in (-5, -4, -3, 5, 6, 7, 8, 14, 15, 16, 17, 20, 21, 22, 23):
        yield from (digit * 10.0**power for digit in (1, 2, 3, 7, 9))


def _grouped(
    groups: Mapping[str, Sequence[Form]], aimed: frozenset[str], base: str
) -> Iterator[Form]:
    """Values of the groups in turn: those aimed at what the unit uses first, then the others."""
    first = [group for name, group in groups.items() if name in aimed or name == base]
    others = [group for name, group in groups.items() if name not in aimed and name != base]
    yield from _in_turn(first)
    yield from _in_turn(others)


def _in_turn(groups: Iterable[Sequence[Form]]) -> Iterator[Form]:
    for row in itertools.zip_longest(*groups, fillvalue=_NOTHING):
        yield from (one for one in row if one is not _NOTHING)


_NOTHING: Final = object()


def _of_constants(texts: Sequence[str]) -> Iterator[str]:
    """A text of the sources and what is nearly that."""
    yield from texts[:60]
    for text in texts[:25]:
        yield from (text * 2, text + text[1:], text * 4, text[:-1], text[1:], text[::-1])
        yield from (text.upper(), text.lower(), text + "\n", " " + text, text + " ", "a" + text)
        yield from (text + "a", "a" + text + "b", "a" + text + text + "b", text + "1")
    for one, other in itertools.product(texts[:8], texts[:8]):
        yield one + other
        yield "a" + one + "b" + other + "c"


def _each_once(values: Iterable[Form]) -> Iterator[Form]:
    """Each value once, where 1 and 1.0, and the two zeros, are different ones."""
    seen = set()
    for value in values:
        key = repr(value)
        if key not in seen:
            seen.add(key)
            yield value
