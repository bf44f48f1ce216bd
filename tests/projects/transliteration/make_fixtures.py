"""Makes the inputs: words in many scripts, and code points from every block of the tables."""

from __future__ import annotations

import random
from pathlib import Path

from tests.projects.writing import Groups, write

PHRASES = [
    "Hello, World!",
    "café crème brûlée",
    "Zürich Österreich Straße",
    "Ångström Ærø smørrebrød",
    "Zażółć gęślą jaźń",
    "Příliš žluťoučký kůň",
    "İstanbul ığdır Şahin",
    "Ðingvellir þórður",
    "Đà Nẵng Hà Nội",
    "Москва Санкт-Петербург",
    "Київ Харків Ґанок",
    "Београд Југославија",
    "Αθήνα Θεσσαλονίκη",
    "ירושלים",
    "القاهرة ٣٤",
    "नमस\u094dत\u0947 द\u0941न\u093fय\u093e",
    "กร\u0e38งเทพ",
    "北京 上海",
    "東京 ひらがな カタカナ",
    "ｶﾀｶﾅ ＦＵＬＬ",
    "서울 대한민국",
    "မ\u103cန\u103aမ\u102c",
    "თბილისი",
    "Երևան",
    "አዲስ አበባ",
    "“quoted” ‘single’ … — –",
    "€100 \u00a350 \u00a5900 ₹ ₿",
    "½ ¾ ⅓ ⅞ 10² x₃",
    "™ \u00a9 \u00ae № ℞",
    "← → ⇒ ≤ ≠ ∞",
    "Ⅰ Ⅳ ⅻ",
    "① ⑳ Ⓐ ⓐ",
    "♫ ☃ ✓ ❤",
    "ﬁnancial ﬂow ﬃ",
    "naïve résumé",
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
    ranges = [
        (0x10000, 0x10200),
        (0x1D400, 0x1D800),
        (0x1F100, 0x1F200),
        (0x1F300, 0x1F700),
        (0x20000, 0x2A6DF),
    ]
    return [point for low, high in ranges for point in sorted(rng.sample(range(low, high), 12))]


def mixtures(count: int) -> list[str]:
    """Words of different scripts in one text."""
    rng = random.Random(2003)
    words = [word for phrase in PHRASES for word in phrase.split()]
    return [" ".join(rng.sample(words, rng.randint(2, 5))) for _ in range(count)]


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
