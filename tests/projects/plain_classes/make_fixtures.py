"""Makes the inputs of the containers."""

from __future__ import annotations

import base64
import itertools
import random
from pathlib import Path
from typing import Any

from tests.projects.writing import Groups, write

WORDS = ["", "a", "b", "ab", "\u00e9", "\u00df", "\u65e5\u672c", "\U0001f600", "e\u0301", "x" * 50]
NUMBERS = [
    0,
    1,
    -1,
    2,
    -2,
    7,
    -7,
    10,
    2**31 - 1,
    -(2**31),
    2**31,
    2**53,
    2**53 + 1,
    2**62,
    -(2**63),
]


def data(value: bytes) -> dict[str, str]:
    """Bytes."""
    return {"$bytes": base64.b64encode(value).decode("ascii")}


def account(owner: str, cents: int) -> dict[str, Any]:
    """An Account."""
    return {"$object": ["containers:Account", {"owner": owner, "cents": cents}]}


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(3)
    blobs = [rng.randbytes(n) for n in (0, 1, 2, 3, 7, 16, 100, 5000)]
    blobs += [b"\x00" * 10, b"\xff" * 10, b"abc", "\u00e9\U0001f600".encode()]
    runs = [rng.choices(NUMBERS, k=n) for n in (0, 1, 2, 3, 5, 8)]
    return {
        "containers:Account.deposit": {
            "deposit": [
                {"self": account(owner, cents), "args": [more]}
                for owner, cents in (("Ada", 0), ("\U0001f600", 10**12), ("", -50))
                for more in (1, 100, 10**9, 10**15, 0, -1, -(10**6))
            ]
        },
        "containers:BoundedQueue": {"steps": [{"steps": steps(rng, n)} for n in range(30)]},
        "containers:checksum": {
            "blob": [[data(blob)] for blob in blobs],
            "random": [[data(rng.randbytes(n * 13))] for n in range(20)],
        },
        "containers:chunks": {
            "cut": [[data(blob), n] for blob in blobs[:7] for n in (1, 3, 64)],
            "wrong": [[data(b"abc"), n] for n in (0, -1)],
        },
        "containers:windows": {"run": [[run, n] for run in runs for n in (1, 2, 3, 9)]},
        "containers:rotate": {
            "rotate": [[WORDS[:n], by] for n in (0, 1, 2, 5) for by in (0, 1, 2, -1, 7, -8)]
        },
        "containers:greeting": {
            "plain": [[word] for word in WORDS],
            "last": [[a, b] for a, b in itertools.pairwise(WORDS)],
            "keyword": [
                {"args": ["Ada", "Lovelace"], "kwargs": {"title": title, "shout": shout}}
                for title in ("Dr.", "", None, "\u00df")
                for shout in (True, False)
            ],
        },
        "containers:join_all": {
            "parts": [[s, *WORDS[:n]] for s in ("", ",", "\U0001f600") for n in range(9)]
        },
        "containers:slow_sum": {"sum": [[NUMBERS_UP[:n]] for n in range(9)] + sums(rng)},
        "containers:countdown": {"from": [[n] for n in range(-3, 25)]},
        "containers:quotient": {
            "pair": [[a, b] for a in NUMBERS[:12] for b in (1, 2, -2, 3, -7, 2**40)],
            "zero": [[a, 0] for a in (0, 1, -1)],
        },
        "containers:initial": {
            "word": [[word] for word in WORDS],
            "more": [[word + "z"] for word in "abc\u00e0\u00df\u0131\ufb01\u01c6\u03c2\u0451"],
        },
    }


NUMBERS_UP = [0, 1, 2, 10, 2**31, 2**53, 2**53 + 1, 2**60, 3]


def sums(rng: random.Random) -> list[list[list[int]]]:
    """Lists of small numbers, some of them negative."""
    return [[[rng.randint(-40, 1000) for _ in range(rng.randint(1, 8))]] for _ in range(40)]


def steps(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Calls on one queue, some of them too many."""
    made: list[dict[str, Any]] = []
    for _ in range(count):
        match rng.randrange(5):
            case 0 | 1:
                made.append({"call": "push", "args": [rng.choice(WORDS)]})
            case 2:
                made.append({"call": "pop", "args": []})
            case 3:
                made.append({"call": "peek", "args": []})
            case _:
                made.append({"call": "size", "args": []})
    return made


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
