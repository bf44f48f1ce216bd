"""Names, sizes, durations and timestamps as text, and back."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone
from decimal import ROUND_HALF_UP, Decimal

from sable.errors import InvalidName, InvalidSize, InvalidTimestamp

NAME = re.compile(r"[^\W_][\w.\-]{0,63}")
SIZE = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([KMGTP]?)(i?)B?\s*", re.IGNORECASE)
TIMESTAMP = re.compile(
    r"(?P<day>\d{4}-\d\d-\d\d)[T ](?P<time>\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?)"
    r"\s*(?P<zone>Z|[+-]\d\d:?\d\d)"
)
PREFIXES = "KMGTP"
LARGEST_SIZE = (1 << 63) - 1


def canonical_name(text: str) -> str:
    """The one spelling under which a name is kept: NFC, without outer spaces."""
    name = unicodedata.normalize("NFC", text.strip())
    if not NAME.fullmatch(name):
        raise InvalidName(f"{text!r} is not a name: up to 64 letters, digits, `.`, `-`, `_`")
    return name


def name_key(name: str) -> tuple[str, str]:
    """What names are ordered by: as people read them first, as they are spelled last."""
    return unicodedata.normalize("NFKC", name).casefold(), name


def size_text(size: int) -> str:
    """A size in bytes as text of at most two decimals: `1.5 GiB`."""
    if size < 0:
        return "-" + size_text(-size)
    if size < 1024:
        return f"{size} B"
    power = min((size.bit_length() - 1) // 10, len(PREFIXES))
    scaled = (Decimal(size) / 1024**power).quantize(Decimal("0.01"), ROUND_HALF_UP)
    if scaled >= 1024 and power < len(PREFIXES):
        scaled, power = Decimal(1), power + 1
    return f"{f'{scaled:f}'.rstrip('0').rstrip('.')} {PREFIXES[power - 1]}iB"


def parse_size(text: str | int) -> int:
    """The bytes that a size says: `2GiB`, `1.5 kB`, `4096`; less than 8 EiB."""
    if isinstance(text, int) and not isinstance(text, bool) and 0 <= text <= LARGEST_SIZE:
        return text
    found = SIZE.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise InvalidSize(f"{text!r} is not a size: write `4096`, `64 kB` or `1.5 GiB`")
    number, prefix, binary = found.groups()
    if binary and not prefix:
        raise InvalidSize(f"{text!r} is not a size: `i` needs one of {PREFIXES} before it")
    power = PREFIXES.index(prefix.upper()) + 1 if prefix else 0
    size = int(Decimal(number) * (1024 if binary else 1000) ** power)
    if size > LARGEST_SIZE:
        raise InvalidSize(f"{text!r} is more than any host has")
    return size


def duration_text(milliseconds: float) -> str:
    """A duration as its two largest parts: `1h 02m`, `3m 07s`, `4.25 s`, `12 ms`."""
    if milliseconds < 0:
        return "-" + duration_text(-milliseconds)
    if milliseconds < 1000:
        return f"{round(milliseconds)} ms"
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.2f} s"
    minutes, seconds = divmod(int(milliseconds // 1000), 60)
    if minutes < 60:
        return f"{minutes}m {seconds:02d}s"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours}h {minutes:02d}m"
    days, hours = divmod(hours, 24)
    return f"{days}d {hours:02d}h"


def parse_timestamp(text: str) -> int:
    """Milliseconds since 1970 in UTC of a timestamp with a zone."""
    found = TIMESTAMP.fullmatch(text.strip()) if isinstance(text, str) else None
    if found is None:
        raise InvalidTimestamp(f"{text!r} is no timestamp with a zone: 2024-02-29T12:30:00+01:00")
    zone = "+00:00" if found["zone"] == "Z" else found["zone"]
    try:
        moment = datetime.fromisoformat(f"{found['day']}T{found['time']}{zone}")
    except ValueError as error:
        raise InvalidTimestamp(f"{text!r} is not a timestamp: {error}") from error
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


def timestamp_text(milliseconds: int, offset_minutes: int = 0) -> str:
    """A moment as text in a zone: `2024-02-29T12:30:00.000+01:00`, with `Z` for UTC."""
    zone = timezone(timedelta(minutes=offset_minutes))
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
    text = moment.astimezone(zone).isoformat(timespec="milliseconds")
    return text[:-6] + "Z" if offset_minutes == 0 else text
