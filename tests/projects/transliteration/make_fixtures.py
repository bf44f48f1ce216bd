"""Makes the inputs: words in many scripts, and code points from every block of the tables."""

from __future__ import annotations

import random
from pathlib import Path

from tests.projects.writing import Groups, write

PHRASES = [
    "Hello, World!",
    "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e",
    "Z\u00fcrich \u00d6sterreich Stra\u00dfe",
    "\u00c5ngstr\u00f6m \u00c6r\u00f8 sm\u00f8rrebr\u00f8d",
    "Za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105 ja\u017a\u0144",
    "P\u0159\u00edli\u0161 \u017elu\u0165ou\u010dk\u00fd k\u016f\u0148",
    "\u0130stanbul \u0131\u011fd\u0131r \u015eahin",
    "\u00d0ingvellir \u00fe\u00f3r\u00f0ur",
    "\u0110\u00e0 N\u1eb5ng H\u00e0 N\u1ed9i",
    "\u041c\u043e\u0441\u043a\u0432\u0430 \u0421\u0430\u043d\u043a\u0442-\u041f\u0435\u0442\u0435\u0440\u0431\u0443\u0440\u0433",
    "\u041a\u0438\u0457\u0432 \u0425\u0430\u0440\u043a\u0456\u0432 \u0490\u0430\u043d\u043e\u043a",
    "\u0411\u0435\u043e\u0433\u0440\u0430\u0434 \u0408\u0443\u0433\u043e\u0441\u043b\u0430\u0432\u0438\u0458\u0430",
    "\u0391\u03b8\u03ae\u03bd\u03b1 \u0398\u03b5\u03c3\u03c3\u03b1\u03bb\u03bf\u03bd\u03af\u03ba\u03b7",
    "\u05d9\u05e8\u05d5\u05e9\u05dc\u05d9\u05dd",
    "\u0627\u0644\u0642\u0627\u0647\u0631\u0629 \u0663\u0664",
    "\u0928\u092e\u0938\u094d\u0924\u0947 \u0926\u0941\u0928\u093f\u092f\u093e",
    "\u0e01\u0e23\u0e38\u0e07\u0e40\u0e17\u0e1e",
    "\u5317\u4eac \u4e0a\u6d77",
    "\u6771\u4eac \u3072\u3089\u304c\u306a \u30ab\u30bf\u30ab\u30ca",
    "\uff76\uff80\uff76\uff85 \uff26\uff35\uff2c\uff2c",
    "\uc11c\uc6b8 \ub300\ud55c\ubbfc\uad6d",
    "\u1019\u103c\u1014\u103a\u1019\u102c",
    "\u10d7\u10d1\u10d8\u10da\u10d8\u10e1\u10d8",
    "\u0535\u0580\u0587\u0561\u0576",
    "\u12a0\u12f2\u1235 \u12a0\u1260\u1263",
    "\u201cquoted\u201d \u2018single\u2019 \u2026 \u2014 \u2013",
    "\u20ac100 \u00a350 \u00a5900 \u20b9 \u20bf",
    "\u00bd \u00be \u2153 \u215e 10\u00b2 x\u2083",
    "\u2122 \u00a9 \u00ae \u2116 \u211e",
    "\u2190 \u2192 \u21d2 \u2264 \u2260 \u221e",
    "\u2160 \u2163 \u217b",
    "\u2460 \u2473 \u24b6 \u24d0",
    "\u266b \u2603 \u2713 \u2764",
    "\ufb01nancial \ufb02ow \ufb03",
    "na\u00efve r\u00e9sum\u00e9",
    "e\u0301 n\u0303 a\u030a",
]

EDGES = [
    "",
    " ",
    "\t\r\n",
    "\x00",
    "\x7f",
    "\x80\x9f",
    "\u00a0",
    "\u00ad",
    "\u0300",
    "\u200b",
    "\u200d",
    "\u2028\u2029",
    "\u2028",
    "\ufeff",
    "\ufffc",
    "\ufffd",
    "\ufffe",
    "\uffff",
    "\ue000",
    "\uf8ff",
    "\U00010000",
    "\U0001d400\U0001d41a\U0001d7d8",
    "\U0001f600",
    "a\U0001f600b",
    "\U0001f1e8\U0001f1ed",
    "\U0002070e",
    "\U000e0041",
    "\U0010ffff",
    "\u1e9e",
    "\u0131\u0130",
    "a" * 2000,
    "\u00e9" * 1000,
    "\u4e2d" * 500,
]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    phrases: Groups = {
        "phrase": [[text] for text in PHRASES],
        "edge": [[text] for text in EDGES],
        "random": [[text] for text in mixtures(40)],
    }
    points = code_points()
    return {
        "transliterate.text": phrases,
        "transliterate.code_point": {"point": [[point] for point in points]},
        "transliterate.astral": {"point": [[point] for point in astral_points()]},
        "transliterate.words": {"words": [[text.split()] for text in PHRASES + EDGES[:20]]},
        "transliterate.slug": phrases,
    }


def code_points() -> list[int]:
    """Two characters of each block of 256 code points below the surrogates and above them."""
    rng = random.Random(2001)
    blocks = [block for block in range(0x100) if not 0xD8 <= block <= 0xDF]
    return [block * 256 + place for block in blocks for place in sorted(rng.sample(range(256), 2))]


def astral_points() -> list[int]:
    """Characters beyond U+FFFF: letters for mathematics, emoji, rare ideographs."""
    rng = random.Random(2002)
    ranges = [(0x10000, 0x10200), (0x1D400, 0x1D800), (0x1F100, 0x1F200), (0x1F300, 0x1F700), (0x20000, 0x2A6DF)]
    return [point for low, high in ranges for point in sorted(rng.sample(range(low, high), 12))]


def mixtures(count: int) -> list[str]:
    """Words of different scripts in one text."""
    rng = random.Random(2003)
    words = [word for phrase in PHRASES for word in phrase.split()]
    return [" ".join(rng.sample(words, rng.randint(2, 5))) for _ in range(count)]


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
