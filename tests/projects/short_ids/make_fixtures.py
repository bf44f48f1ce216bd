"""Makes the inputs: lists of numbers, ids that were made, and ids that were made up."""

from __future__ import annotations

import random
from pathlib import Path

from tests.projects.writing import Groups, write

LISTS = [
    [1, 2, 3],
    [0],
    [1],
    [0, 0, 0],
    [7, 42, 1024],
    [10, 20, 30, 40, 50],
    [100],
    [255, 256],
    [1000000],
    [123456789],
    [2147483647],
    [2147483648],
    [4294967295, 4294967296],
    [2024, 10, 27],
    list(range(20)),
    list(range(100)),
    [5, 5, 5, 5],
    [1, 1, 1, 1, 1, 1, 1, 1],
    [4572721],
    [518],
    [44027],
]

LARGE = [
    [2**53 - 1],
    [2**53],
    [2**53 + 1],
    [2**62, 1],
    [2**63 - 1],
    [2**63 - 1, 2**63 - 1],
]

WRONG = [[-1], [1, -1, 2], [], [-(2**63)]]

SQIDS = [
    "86Rf07",
    "bM",
    "Uk",
    "gb",
    "Ef",
    "se8ojk",
    "74JI",
    "4w",
    "B3",
    "aardvark",
    "JEDEgj",
    "U9",
    "JMr3",
    "sexy",
    "*",
    "86Rf07*",
    "",
    " ",
    "\u00e9",
    "\U0001f600",
    "AAAAAAAA",
    "0000",
    "zzzzzzzzzzzzzzzzzz",
    "xxx",
    "fff",
]

HASHIDS = [
    "laHquq",
    "NkK9",
    "jR",
    "k5",
    "gPUasb",
    "2lTxsPcZ",
    "o2fXhV",
    "jRfOtT",
    "Y8r7W1kNN",
    "",
    " ",
    "*",
    "0",
    "abcdefg",
    "cfhistu",
    "\u00e9",
    "\U0001f600",
    "AAAA",
    "1111111",
    "zzzzzzzzzzzzzzzzzzzzz",
]

HEX = [
    "",
    "0",
    "1",
    "f",
    "F",
    "ff",
    "deadbeef",
    "DEADBEEF",
    "abcdef123456",
    "00ff",
    "123",
    "0" * 13,
]
LONG_HEX = ["f" * 12, "f" * 13, "507f1f77bcf86cd799439011", "f" * 32, "g", "0x1", "xyz", "\u0661"]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    several = random_lists(60)
    numbers: Groups = {
        "listed": [[numbers] for numbers in LISTS],
        "large": [[numbers] for numbers in LARGE],
        "wrong": [[numbers] for numbers in WRONG],
        "random": [[numbers] for numbers in several],
    }
    return {
        "sqids.sqids:Sqids.encode": numbers,
        "sqids.sqids:Sqids.decode": {
            "made": [[text] for text in SQIDS],
            "random": [[text] for text in random_texts(40)],
        },
        "sqids.round_trip": numbers,
        "sqids.padded": {
            "padded": [
                [numbers, length] for numbers in LISTS[:14] for length in (0, 1, 10, 62, 255)
            ],
            "wrong": [[[1], length] for length in (-1, 256)],
        },
        "sqids.own_alphabet": {
            "alphabet": [[numbers, a] for a in ALPHABETS for numbers in LISTS[:8]]
        },
        "sqids.own_blocklist": {
            "blocked": [[numbers, words] for words in BLOCKED for numbers in LISTS[:8]]
        },
        "hashids.encode": {
            kind: [[numbers, salt] for [numbers] in group for salt in ("", "this is my salt")]
            for kind, group in numbers.items()
        },
        "hashids:Hashids.decode": {
            "made": [[text] for text in HASHIDS],
            "random": [[text] for text in random_texts(40)],
        },
        "hashids.round_trip": {
            kind: [[numbers, salt, 8] for [numbers] in group for salt in SALTS]
            for kind, group in numbers.items()
            if kind in ("listed", "large")
        },
        "hashids:Hashids.encode_hex": {
            "hex": [[text] for text in HEX],
            "edge": [[text] for text in LONG_HEX],
        },
    }


ALPHABETS = [
    "abc",
    "0123456789abcdef",
    "FxnXM1kBN6cuhsAvjW3Co7l2RePyY8DwaU04Tzt9fHQrqSVKdpimLGIJOgb5ZE",
    "ab",
    "aabcdefg",
    "",
    "\u00eb1092",
    "ab\U0001f600\U0001f601",
    "!@#$%^&*",
]

BLOCKED = [[], ["86Rf07"], ["86Rf07", "se8ojk"], ["ArUO"], ["JSwXFaosAN", "OCjV9JK64o"], ["bm"]]

SALTS = [
    "",
    "this is my salt",
    "s",
    "\u00e9\u00e8",
    "\U0001f9c2",
    "a salt that is longer than the alphabet " * 3,
]


def random_lists(count: int) -> list[list[int]]:
    """One to six numbers of one to sixteen digits."""
    rng = random.Random(62)
    return [
        [rng.randrange(10 ** rng.randint(1, 15)) for _ in range(rng.randint(1, 6))]
        for _ in range(count)
    ]


def random_texts(count: int) -> list[str]:
    """Letters and digits that look like an id."""
    rng = random.Random(63)
    letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
    return ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(count)]


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
