"""What parity takes Java to mean, held against the JDK that is here."""

from __future__ import annotations

import base64
import datetime
import math
import random
import struct
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from parity.sides.python.meanings import (
    encodings,
    formats,
    jdk,
    numbers,
    patterns,
    rounding,
    texts,
    times,
)

SOURCE = Path(__file__).parent / "data" / "jdk" / "Jdk.java"
Question = tuple[str, Callable[[], str]]
LETTERS = "aAzZ09 \t\n\r.,;-_+%~*/|é ßÅİıΣςǅ²٣½𝟘😀\u00a0\u1680\u2003\u2028\u3000\u0085\x1c\x1f\x0b"
random_ = random.Random(7)


def bits(number: float) -> str:
    return given(math.nan if number != number else number)


def given(number: float) -> str:
    return f"{struct.unpack('>Q', struct.pack('>d', number))[0]:016x}"


def hexed(text: str) -> str:
    return "".join(f"{ord(unit):04x}" for unit in jdk.units(text))


def listed(parts: list[str]) -> str:
    return "".join("," + hexed(part) for part in parts)


def told(make: Callable[[], str]) -> str:
    """What a meaning gives, or what it throws, as the Java program tells it."""
    try:
        return make()
    except jdk.Thrown as error:
        return f"!{type(error).__module__}.{type(error).__name__}"


def doubles(count: int) -> list[float]:
    special = [0.0, -0.0, 1.0, -1.5, 0.5, 2.5, -2.5, 1e7, 1e-3, 9.999e6, 1e16, 1e22, 1e300, 5e-324]
    special += [math.inf, -math.inf, math.nan, 2.0**63, -(2.0**63), 2.0**53 + 2, 0.1, 1e21]
    near = [
        random_.randint(-9999, 9999) / random_.choice([1, 2, 8, 10, 100, 1000])
        for _ in range(count)
    ]
    wild = [struct.unpack(">d", random_.randbytes(8))[0] for _ in range(count)]
    return special + near + wild


def words(count: int) -> list[str]:
    return [
        "".join(random_.choice(LETTERS) for _ in range(random_.randint(0, 8))) for _ in range(count)
    ]


def ints(bits_: int, count: int) -> list[int]:
    edge = 1 << (bits_ - 1)
    special = [0, 1, -1, edge - 1, -edge, 31, 32, 33, 63, 64, 65]
    return special + [
        random_.randint(-edge, edge - 1) >> random_.randint(0, bits_ - 2) for _ in range(count)
    ]


def offered(offers: Iterator[Any], key: str) -> Any:
    """What one meaning gives among those that are offered."""
    return next(thunk for name, thunk in offers if name.rstrip("!") == key)()


def number_questions() -> Iterator[Question]:
    for x in doubles(300):
        yield f"round {given(x)}", lambda x=x: str(jdk.java_round(x))
        yield f"long {given(x)}", lambda x=x: str(jdk.saturated(x, 64))
        yield f"int {given(x)}", lambda x=x: str(jdk.saturated(x, 32))
        for name in ("sqrt", "log", "asin"):
            domain = numbers._domain
            yield f"math {name} {given(x)}", lambda n=name, x=x, d=domain: bits(d(n, x))
        y = random_.choice(doubles(5))
        yield f"remainder {given(x)} {given(y)}", lambda x=x, y=y: bits(jdk.float_remainder(x, y))
        yield f"quotient {given(x)} {given(y)}", lambda x=x, y=y: bits(jdk.float_quotient(x, y))
    for x in (0.0, -0.0, 1.0, -1.0, 2.0, -8.0, math.inf, -math.inf, math.nan):
        for y in (0.0, -1.0, 2.0, 3.0, 0.5, -0.5, math.inf, -math.inf, math.nan):
            yield f"pow {given(x)} {given(y)}", lambda x=x, y=y: bits(jdk.power(x, y))
    for _ in range(60):
        items = [
            random_.choice([0.1, 1e16, 1.0, -1e16, 0.7, 1e-5])
            for _ in range(random_.randint(0, 12))
        ]
        line = " ".join(["sum", *map(given, items)])
        yield line, lambda items=items: bits(numbers.kahan(items))
    for name, size in (("int-math", 32), ("long-math", 64)):
        for a in ints(size, 40):
            b = random_.choice(ints(size, 20))
            for operator in ("+", "-", "*", "/", "%", "<<", ">>", ">>>"):
                if b or operator not in ("/", "%"):
                    yield (
                        f"{name} {operator} {a} {b}",
                        lambda o=operator, a=a, b=b, w=size: str(whole(o, a, b, w)),
                    )


def whole(operator: str, a: int, b: int, size: int) -> int:
    """What the meanings say of an operator of whole numbers; Python's where none says otherwise."""
    cause = "int-overflow" if size == 32 else "long-overflow"
    match operator:
        case "/":
            return jdk.wrapped(
                offered(numbers.binary("//", a, b), "floor-division/truncated"), size
            )
        case "%":
            return int(offered(numbers.binary("%", a, b), "floor-modulo/truncated"))
        case "<<" | ">>":
            return int(offered(numbers.binary(operator, a, b), f"shift-distance/{size}"))
        case ">>>":
            if a >= 0 or b < 0:
                return jdk.wrapped((a & ((1 << size) - 1)) >> (b & (size - 1)), size)
            return int(offered(numbers.binary(">>", a, b), f"unsigned-shift/{size}"))
    return int(offered(numbers.binary(operator, a, b), f"{cause}/{size}"))


def format_questions() -> Iterator[Question]:
    for x in doubles(150):
        if abs(x) > 1e80 or (x != 0 and abs(x) < 1e-80):
            continue
        for digits in (0, 1, 2, 6):
            text = hexed(f"%.{digits}f")
            yield f"format {text} {given(x)}", lambda x=x, d=digits: hexed(formats.fixed(x, d))
        yield f"format {hexed('%.3e')} {given(x)}", lambda x=x: hexed(formats._exponent(x, 3))
        yield f"format {hexed('%g')} {given(x)}", lambda x=x: hexed(formats._general(x, 6))
    for x in doubles(200):
        if math.isfinite(x) and abs(x) < 1e15:
            digits = random_.choice([0, 1, 2])
            args = (x, digits)
            yield (
                f"set-scale {given(x)} {digits}",
                lambda a=args: bits(
                    offered(rounding.called("builtins.round", a, {}), "half-even/decimal-text")
                    + 0.0
                ),
            )


NUMERALS = [
    *("12", "+5", "-7", "", "-", "+", " 12", "1_000", "٣", "１２", "9223372036854775807", "1e5"),
    *("9223372036854775808", "-9223372036854775808", "2147483648", "ff", "0x1f", "𝟘", "1.0"),
]
DECIMALS = [
    *("1.5", " 2 ", "1d", "1f", "0x1p3", "NaN", "nan", "inf", "Infinity", "-Infinity", "1_0", "."),
    *("1.", ".5", "1e5", "1e", "١", "", "+NaN", "1D", "\u00a01", "0x1.8p1", "1e400", "-0"),
]


def text_questions() -> Iterator[Question]:
    for text in NUMERALS:
        yield f"parse-long {hexed(text)} 10", lambda t=text: str(jdk.parse_long(t, 10, 64))
        yield f"parse-long {hexed(text)} 16", lambda t=text: str(jdk.parse_long(t, 16, 64))
        yield f"parse-int {hexed(text)}", lambda t=text: str(jdk.parse_long(t, 10, 32))
    for text in DECIMALS:
        yield f"parse-double {hexed(text)}", lambda t=text: bits(jdk.parse_double(t))
    for text in words(250):
        other = random_.choice(words(3))
        yield f"trim {hexed(text)}", lambda t=text: hexed(jdk.trimmed(t))
        yield f"strip {hexed(text)}", lambda t=text: hexed(jdk.java_strip(t))
        yield (
            f"compare {hexed(text)} {hexed(other)}",
            lambda t=text, o=other: str(jdk.compared(t, o)),
        )
        yield f"hash {hexed(text)}", lambda t=text: str(jdk.string_hash(t))
        yield f"upper-chars {hexed(text)}", lambda t=text: hexed(texts._per_char(t, str.upper))
        if "Σ" not in text:  # at the end of a word the two go by other rules
            yield f"lower {hexed(text)}", lambda t=text: hexed(t.lower())
        yield f"upper {hexed(text)}", lambda t=text: hexed(t.upper())
        yield f"url {hexed(text)}", lambda t=text: hexed(encodings.url_encoded(t))
        plain = base64.b64encode((text * 20).encode())
        yield f"mime {hexed(text * 20)}", lambda p=plain: hexed(encodings._mime(p).decode())
        yield f"lines {hexed(text)}", lambda t=text: listed(texts._lines(t))
        for pattern in (" ", ",", "[ \t\n\x0b\f\r]+", "|", "a|b", "."):
            for limit in (0, -1, 2):
                yield (
                    f"split {hexed(text)} {hexed(pattern)} {limit}",
                    lambda t=text, p=pattern, n=limit: listed(
                        patterns.java_split(patterns.as_pattern(p), t, n)
                    ),
                )
        start, end = random_.randint(-1, 4), random_.randint(-1, 6)
        if text.isascii():
            yield (
                f"substring {hexed(text)} {start} {end}",
                lambda t=text, i=start, j=end: hexed(texts.substring(t, i, j)),
            )
    for pattern, replacement in (
        ("a", "-"),
        ("(a)(Z?)", "$2$1"),
        (".", "x"),
        ("Z", "\\$"),
        ("a", "$"),
    ):
        for text in words(10):
            yield (
                f"replace-all {hexed(text)} {hexed(pattern)} {hexed(replacement)}",
                lambda t=text, p=pattern, r=replacement: hexed(
                    patterns.java_replaced(patterns.as_pattern(p), t, r)
                ),
            )


def class_questions() -> Iterator[Question]:
    tests = {name: test for named in texts.CLASSES.values() for name, test in named}
    for name in ("digit", "letter", "letter-or-digit", "whitespace"):
        for code in [
            *range(0x250),
            *range(0x660, 0x66A),
            *range(0x2000, 0x2070),
            0x3000,
            0xFF11,
            0xD83D,
        ]:
            yield (
                f"is {name} {code}",
                lambda n=name, c=code: str(tests[n](chr(c))).lower(),
            )


def order_questions() -> Iterator[Question]:
    for _ in range(80):
        keys = list(dict.fromkeys(words(random_.randint(2, 40))))
        line = " ".join(map(hexed, keys))
        yield f"map-order {line}", lambda k=keys: " ".join(map(hexed, jdk.hash_order(k) or []))
    for _ in range(80):
        keys = list(dict.fromkeys(words(random_.randint(2, 12))))
        line = " ".join(map(hexed, keys))
        yield (
            f"map-order-computed {line}",
            lambda k=keys: " ".join(map(hexed, jdk.hash_order(k, head=True) or [])),
        )
    for number in ints(64, 50):
        yield f"hash-long {number}", lambda n=number: str(jdk.hash_of(n))
    for x in doubles(30):
        if x == x:
            yield f"hash-double {given(x)}", lambda x=x: str(jdk.hash_of(x))


def time_questions() -> Iterator[Question]:
    for _ in range(100):
        micros = random_.choice(
            [0, 1, -1, 1_000_000, -1_500_000, random_.randint(-(10**12), 10**12)]
        )
        value = datetime.timedelta(microseconds=micros)
        yield f"duration {micros * 1000}", lambda v=value: hexed(times.duration_text(v))
    for _ in range(60):
        value = datetime.datetime(
            2024,
            1,
            2,
            3,
            random_.randint(0, 59),
            random_.choice([0, 5]),
            random_.choice([0, 5, 120_000]),
        )
        yield f"date-time {hexed(value.isoformat())}", lambda v=value: hexed(times.iso(v))


QUESTIONS = (
    number_questions,
    format_questions,
    text_questions,
    class_questions,
    order_questions,
    time_questions,
)


@pytest.fixture(scope="module")
def ask(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], list[str]]:
    """Asks the JDK; one program for all questions of a test."""
    folder = tmp_path_factory.mktemp("jdk")
    subprocess.run(["javac", "-d", str(folder), str(SOURCE)], check=True, capture_output=True)

    def asked(questions: list[str]) -> list[str]:
        done = subprocess.run(
            ["java", "-cp", str(folder), "Jdk"],
            input="\n".join(questions) + "\n",
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.split("\n")[:-1]

    return asked


@pytest.mark.parametrize("questions", QUESTIONS, ids=lambda one: one.__name__)
def test_a_meaning_gives_what_the_jdk_gives(
    questions: Callable[[], Iterator[Question]], ask: Callable[[list[str]], list[str]]
) -> None:
    asked = list(questions())
    answers = ask([line for line, _ in asked])
    assert len(answers) == len(asked) > 50
    wrong = [
        (line, mine, theirs)
        for (line, make), theirs in zip(asked, answers, strict=True)
        if (mine := told(make)) != theirs
    ]
    assert not wrong, f"{len(wrong)} of {len(asked)}: {wrong[:8]}"


def test_the_text_of_a_double_reads_back_as_the_same_double(
    ask: Callable[[list[str]], list[str]],
) -> None:
    """JDK 17 writes some doubles with other last digits than JDK 19 and Python do."""
    values = doubles(300)
    answers = ask([f"double-text {given(x)}" for x in values])
    for x, answer in zip(values, answers, strict=True):
        text = bytes.fromhex(answer).decode("utf-16-be")
        mine = jdk.double_text(x)
        assert bits(float(text.replace("Infinity", "inf"))) == bits(x)
        assert (text == mine) or abs(len(text) - len(mine)) <= 2
    same = sum(hexed(jdk.double_text(x)) == one for x, one in zip(values, answers, strict=True))
    assert same > 0.9 * len(values)
