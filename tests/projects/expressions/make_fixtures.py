"""Makes the inputs of the expressions."""

from __future__ import annotations

import base64
import random
import uuid
from pathlib import Path
from typing import Any

from tests.projects.writing import Groups, write

TEXTS = [
    "",
    "a",
    "ab",
    "aba",
    "abc",
    "\u00e9",
    "e\u0301e",
    "\u65e5\u672c\u65e5",
    "\U0001f600",
    "a\U0001f600a",
]
TEXTS += [
    "\U0001f600\U0001f601\U0001f600",
    "\ufeffx",
    " x ",
    "\x00",
    "x" * 300,
    "Aa",
    "\u00df",
    "\n",
]
WHOLE = [0, 1, -1, 2, 3, -3, 7, -7, 10, 255, -256, 2**31 - 1, -(2**31), 2**53 + 1, 2**62, -(2**63)]
HUGE = [0, 1, 2, 3, 2**64, 2**64 - 1, 2**100 + 1, 10**40, 255, 2**31, 2**53 + 1, 7, 12, 1023, 2**63]
HALVES = [
    0.5,
    1.5,
    2.5,
    -0.5,
    -1.5,
    -2.5,
    0.0,
    -0.0,
    0.49999999999999994,
    1e15 + 0.5,
    4503599627370497.5,
]
HALVES += [1e16, 1e300, -1e300, 5e-324, float("nan"), float("inf"), float("-inf"), 2.4, 2.6, -7.5]
AMOUNTS = [
    "0",
    "0.005",
    "0.015",
    "0.025",
    "-0.005",
    "1.005",
    "2.675",
    "10",
    "1E+3",
    "-1.115",
    "0.0049",
]
AMOUNTS += [
    "0.00500000000000000001",
    "12345678901234.565",
    "-0.001",
    "1.10",
    "0.000",
    "99.995",
    "7",
    "1E-9",
    "5E-3",
]
DATES = [
    "0001-01-01",
    "1582-10-15",
    "1900-02-28",
    "1970-01-01",
    "2000-02-29",
    "2024-02-29",
    "9999-12-31",
]


def data(value: bytes) -> dict[str, str]:
    """Bytes."""
    return {"$bytes": base64.b64encode(value).decode("ascii")}


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(11)
    blobs = [[data(rng.randbytes(n))] for n in range(24)] + [[data(rng.randbytes(4000))]]
    words = [[rng.choices(TEXTS, k=n % 8)] for n in range(32)]
    return {
        "bits.popcount": {
            "n": [[n] for n in HUGE],
            "random": [[rng.getrandbits(k)] for k in range(1, 200, 9)],
        },
        "bytes.base64": {"blob": blobs},
        "bytes.digest": {"blob": blobs},
        "date.days_between": {"pair": [[{"$date": a}, {"$date": b}] for a in DATES for b in DATES]},
        "decimal.cents": {"amount": [[{"$decimal": amount}] for amount in AMOUNTS]},
        "integer.power_mod": {
            "power": [[b, e, m] for b in HUGE[:7] for e in (0, 1, 5, 2**65) for m in (1, 97, 2**80)]
        },
        "list.chunked_sums": {
            "chunks": [
                [rng.choices(WHOLE[:12], k=n), size]
                for n in (0, 1, 5, 9)
                for size in (1, 2, 4, 100)
            ],
            "wrong": [[[1, 2], 0], [[1, 2], -1], [[], 0]],
            "long": [[[rng.randrange(10**9) for _ in range(500)], n] for n in (1, 7)],
        },
        "list.sort_words": {"words": words},
        "map.invert": {"table": [[table(rng, n)] for n in range(25)]},
        "number.bankers_round": {
            "half": [[value] for value in HALVES],
            "random": [[rng.randrange(-200, 200) / 4] for _ in range(20)],
        },
        "number.floor_parts": {
            "pair": [[a, b] for a in WHOLE for b in (1, 2, -3, 7, 2**40)],
            "zero": [[a, 0] for a in (0, 1, -1)],
        },
        "set.symmetric": {"sets": [[numbers(rng), numbers(rng)] for _ in range(25)]},
        "text.is_palindrome": {"text": [[text] for text in TEXTS], "mirrored": mirrored()},
        "text.slice": {
            "slice": [
                [t, a, b] for t in TEXTS for a, b in ((0, 1), (1, 3), (-2, -1), (-9, 9), (2, 1))
            ]
        },
        "uuid.named": {
            "uuid": [[{"$uuid": str(uuid.UUID(int=rng.getrandbits(128)))}] for _ in range(20)]
            + [[{"$uuid": str(uuid.UUID(int=n))}] for n in (0, 1, 2**128 - 1)]
        },
    }


def mirrored() -> list[list[str]]:
    """Each text and its mirror image in one."""
    return [[text + text[::-1]] for text in TEXTS]


def table(rng: random.Random, count: int) -> dict[str, int]:
    """Names with few different numbers."""
    return {f"k{n}" if n else "": rng.choice(WHOLE[:4]) for n in range(count)}


def numbers(rng: random.Random) -> dict[str, Any]:
    """A set of small numbers."""
    return {"$set": sorted(rng.sample(range(-5, 10), rng.randint(0, 8)), key=str)}


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
