"""Values that are a text under a tag (bytes, decimals, times): those near one, and simpler ones."""

from __future__ import annotations

import base64
import datetime
import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Final

from parity.fuzz.shapes import tag_of
from parity.model import Form

PIECES: Final = (
    *(b"\x00", b"\x80", b"\xff", b"\x7f", b"a", b"\n", b"\r\n", b" ", b"\xc3\xa8", b"\xe2\x82\xac"),
    *(b"\xf0\x9f\x9a\x80", b"\xc3", b"\xed\xa0\x80", b"\xc0\x80", b"\xef\xbb\xbf", b"\xe8"),
)
"""Bytes that decoders and tables tell apart: whole characters, broken ones, a mark at the front."""
STAMP: Final = re.compile(r"((?:\d{4}-\d\d-\d\dT)?\d\d:\d\d:\d\d)(\.\d+)?(.*)")
FRACTIONS: Final = ("", ".5", ".000001", ".999999", ".123")
STEPS: Final = tuple(
    datetime.timedelta(seconds=one) for one in (1, -1, 60, 3600, -3600, 86400, -86400, 31 * 86400)
)
LONGEST: Final = 64
Change = Callable[[str], Iterator[str]]


def near_tagged(form: Form) -> Iterator[Form]:
    """Values one small step away from a tagged one; none of what is no such value."""
    yield from _changed(form, NEAR)


def simpler_tagged(form: Form) -> Iterator[Form]:
    """Simpler values of the same type, the boldest first."""
    yield from _changed(form, SIMPLER)


def any_bytes(chance: random.Random) -> Form:
    """Bytes by chance, of the pieces that are told apart and of any."""
    made = b"".join(
        chance.choice(PIECES) if chance.random() < 0.6 else bytes([chance.randrange(256)])
        for _ in range(min(int(chance.expovariate(0.3)), LONGEST))
    )
    return {"$bytes": _packed(made)}


def _changed(form: Form, changes: dict[str, Change]) -> Iterator[Form]:
    tag = tag_of(form)
    if tag is None or tag not in changes:
        return
    payload = str(form[tag])
    texts = changes[tag](payload)
    while True:
        try:
            text = next(texts)
        except (StopIteration, ValueError, OverflowError, InvalidOperation):
            return  # a year 10000, or a text that is of no form that is known here
        if text != payload:
            yield {tag: text}


# ---------------------------------------------------------------- near


def _packed(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _near_bytes(text: str) -> Iterator[str]:
    data = base64.b64decode(text)
    yield from (_packed(data + one) for one in PIECES)
    yield from (_packed(one + data) for one in PIECES)
    yield from map(_packed, (data[1:], data[:-1], data[::-1], data + data, b""))
    for at in range(min(len(data), 8)):
        for byte in (data[at] ^ 0x80, (data[at] + 1) % 256, data[at] ^ 0x20):
            yield _packed(data[:at] + bytes([byte]) + data[at + 1 :])


def _near_decimals(text: str) -> Iterator[str]:
    number = Decimal(text)
    quantum = Decimal(1).scaleb(int(number.as_tuple().exponent) - 1)
    near = [number + 1, number - 1, -number, number + 5 * quantum, number - 5 * quantum]
    near += [number.scaleb(1), number.scaleb(-1), number + quantum, number.normalize()]
    near += [number * Decimal("1.0"), number * Decimal("1.00"), number * 0, number / 2]
    yield from map(str, near)


def _near_days(text: str) -> Iterator[str]:
    day = datetime.date.fromisoformat(text)
    months = [day.replace(day=1), day.replace(month=1, day=1), day.replace(month=12, day=31)]
    months += [day.replace(month=3, day=1) - datetime.timedelta(days=1)]
    yield from (one.isoformat() for one in months)
    for days in (1, -1, 7, 28, 31, -31, 365, 366, -365, 36524):
        yield (day + datetime.timedelta(days=days)).isoformat()


def _near_stamps(text: str) -> Iterator[str]:
    """Of a moment or a time of day: other fractions; other clocks where no zone must agree."""
    found = STAMP.fullmatch(text)
    if found is None:
        return
    clock, fraction, zone = found[1], found[2] or "", found[3]
    yield from (clock + one + zone for one in FRACTIONS)
    if "[" in zone:
        return
    for one in ("00:00:00", "23:59:59", "12:00:00"):
        yield clock[:-8] + one + fraction + zone
    if zone:
        yield from (clock + fraction + one for one in ("Z", "+00:00", "-00:30", "+05:30", "+14:00"))
    if "T" in clock:
        moment = datetime.datetime.fromisoformat(clock)
        yield from ((moment + step).isoformat() + fraction + zone for step in STEPS)


def _near_durations(text: str) -> Iterator[str]:
    seconds = Decimal(text)
    steps = [Decimal(one) for one in ("1", "-1", "0.5", "0.000001", "-0.000001", "86400", "-86400")]
    near = [seconds + one for one in steps] + [-seconds, seconds * 60, seconds * 0]
    yield from (f"{one.quantize(Decimal('0.000001')):f}".rstrip("0").rstrip(".") for one in near)


def _near_ids(text: str) -> Iterator[str]:
    for at in (0, 14, 19, len(text) - 1):
        for digit in "0f8":
            yield text[:at] + digit + text[at + 1 :]


NEAR: Final[dict[str, Change]] = {
    "$bytes": _near_bytes,
    "$decimal": _near_decimals,
    "$date": _near_days,
    "$datetime": _near_stamps,
    "$time": _near_stamps,
    "$timedelta": _near_durations,
    "$uuid": _near_ids,
}

# ---------------------------------------------------------------- simpler


def _simpler_bytes(text: str) -> Iterator[str]:
    data = base64.b64decode(text)
    yield ""
    run = len(data) // 2
    while run:
        for start in range(0, len(data), run):
            yield _packed(data[:start] + data[start + run :])
        run //= 2
    for at in range(min(len(data), 40)):
        yield _packed(data[:at] + b"a" + data[at + 1 :])


def _simpler_decimals(text: str) -> Iterator[str]:
    number = Decimal(text)
    yield from ("0", "1", "0.5", "1.5", "0.1")
    if number.is_finite():
        for places in range(6):
            yield str(round(number, places))
        yield str(abs(number))


def _simpler_durations(text: str) -> Iterator[str]:
    seconds = Decimal(text)
    yield from ("0", "1", "-1", "60", "3600", "86400", "0.5")
    yield f"{seconds.to_integral_value():f}"
    yield f"{abs(seconds):f}"


def _simpler_days(_: str) -> Iterator[str]:
    yield from ("2000-01-01", "2001-01-01", "2000-02-01")


def _simpler_stamps(text: str) -> Iterator[str]:
    found = STAMP.fullmatch(text)
    if found is not None and "[" not in found[3]:
        clock, fraction, zone = found[1], found[2] or "", found[3]
        yield clock + zone
        yield clock[:-8] + "00:00:00" + fraction + zone
        if "T" in clock:
            yield "2000-01-01" + clock[10:] + fraction + zone


SIMPLER: Final[dict[str, Change]] = {
    "$bytes": _simpler_bytes,
    "$decimal": _simpler_decimals,
    "$date": _simpler_days,
    "$datetime": _simpler_stamps,
    "$time": _simpler_stamps,
    "$timedelta": _simpler_durations,
}
