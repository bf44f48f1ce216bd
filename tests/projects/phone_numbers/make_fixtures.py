"""Makes the inputs: numbers as people write them, and what a form field may hold instead."""

from __future__ import annotations

import itertools
import random
from pathlib import Path

from tests.projects.writing import Groups, write

NUMBERS = [
    ("+41 44 668 18 00", "CH"),
    ("044 668 18 00", "CH"),
    ("0446681800", "CH"),
    ("+1 650-253-0000", "US"),
    ("(650) 253-0000", "US"),
    ("1-800-FLOWERS", "US"),
    ("650 253 0000 x 123", "US"),
    ("650-253-0000 ext. 4567", "US"),
    ("tel:+1-201-555-0123;ext=77", "US"),
    ("tel:253-0000;phone-context=+1-650", "US"),
    ("+44 20 7031 3000", "GB"),
    ("020 7031 3000", "GB"),
    ("07400 123456", "GB"),
    ("+44 (0) 7400 123456", "GB"),
    ("0800 1111", "GB"),
    ("+49 30 901820", "DE"),
    ("030 901820", "DE"),
    ("0151 23456789", "DE"),
    ("+49 (0)30-901820-55", "DE"),
    ("+33 1 42 68 53 00", "FR"),
    ("01 42 68 53 00", "FR"),
    ("06 12 34 56 78", "FR"),
    ("+39 06 6982", "IT"),
    ("06 698 1", "IT"),
    ("+39 02 1234 5678", "IT"),
    ("+39 3471234567", "IT"),
    ("+61 3 8376 5000", "AU"),
    ("0011 44 20 7031 3000", "AU"),
    ("1300 975 707", "AU"),
    ("+81 3 6384 9000", "JP"),
    ("03-6384-9000", "JP"),
    ("0120-000-123", "JP"),
    ("+82 2-531-9000", "KR"),
    ("02-531-9000", "KR"),
    ("+86 10 6250 3000", "CN"),
    ("010 6250 3000", "CN"),
    ("+55 11 2395-8400", "BR"),
    ("0 11 2395 8400", "BR"),
    ("(11) 96123-4567", "BR"),
    ("+52 55 5342 8400", "MX"),
    ("044 55 1234 5678", "MX"),
    ("+54 9 11 8765-4321", "AR"),
    ("011 15-8765-4321", "AR"),
    ("+7 495 644-14-00", "RU"),
    ("8 (495) 644-14-00", "RU"),
    ("+91 80 6721 8000", "IN"),
    ("09845 612345", "IN"),
    ("1800 180 1551", "IN"),
    ("+972 3-123-4567", "IL"),
    ("*2700", "IL"),
    ("+64 9 300 0000", "NZ"),
    ("64(0)64123456", "NZ"),
    ("+65 6521 8000", "SG"),
    ("+800 1234 5678", "US"),
    ("+979 123 456 789", "US"),
    ("+870 773 111 632", "US"),
    ("+1 242 365 1234", "BS"),
    ("+1 787 765 4321", "PR"),
    ("+376 712 345", "AD"),
    ("+375 1511 1234", "BY"),
    ("+48 22 207 19 00", "PL"),
    ("+34 91 748 64 00", "ES"),
    ("+351 21 122 1803", "PT"),
    ("+46 8 506 527 00", "SE"),
    ("+47 21 60 12 00", "NO"),
    ("+358 9 7252 2700", "FI"),
    ("+90 212 339 8400", "TR"),
    ("+20 2 3535 0000", "EG"),
    ("+27 11 555 2000", "ZA"),
    ("+234 803 123 4567", "NG"),
]

EDGES = [
    ("", "US"),
    (" ", "US"),
    ("+", "US"),
    ("abc", "US"),
    ("12", "US"),
    ("1", "DE"),
    ("911", "US"),
    ("112", "GB"),
    ("+0 123 456", "US"),
    ("+999 123 456 789", "US"),
    ("00000000", "US"),
    ("+1 650 253", "US"),
    ("+1 650 253 00000", "US"),
    ("123456789012345678", "US"),
    ("9" * 251, "US"),
    ("650 253 0000", "ZZ"),
    ("650 253 0000", "XX"),
    ("650 253 0000", ""),
    ("650 253 0000", "us"),
    ("+41 44 668 18 00", "ZZ"),
    (
        "\uff0b\uff14\uff11\u3000\uff14\uff14\u3000\uff16\uff16\uff18\u3000\uff11\uff18\u3000\uff10\uff10",
        "CH",
    ),
    ("+\u0664\u0661 \u0664\u0664 \u0666\u0666\u0668 \u0661\u0668 \u0660\u0660", "CH"),
    ("\u0967\u0968\u0969\u096a\u096b\u096c\u096d\u096e\u096f\u0966", "IN"),
    ("+41\u00a044\u200b668\u206018\u00ad00", "CH"),
    ("+1\u2010650\u2013253\u22120000", "US"),
    ("\U0001d7d4\U0001d7d3\U0001d7d0 253 0000", "US"),
    ("650 253 0000 \U0001f4de", "US"),
    ("\U0001f4de 650 253 0000", "US"),
    ("\u202a+1 650 253 0000\u202c", "US"),
    ("+1 (650) 253-0000 or +1 (650) 253-0001", "US"),
    ("650 253 0000/1", "US"),
    ("6502530000#123", "US"),
    ("650 253 0000 \u0434\u043e\u0431. 12", "US"),
    ("0xx 11 2395 8400", "BR"),
    ("tel:+1-650-253-0000;isub=12345", "US"),
    ("tel:911;phone-context=example.com", "US"),
    ("tel:253;phone-context=", "US"),
    ("++1 650 253 0000", "US"),
    ("+ 1 650 253 0000", "US"),
    ("\n650\t253\r0000", "US"),
    ("650 253 0000e\u0301", "US"),
    ("1-800-\u00c9TOILE", "CA"),
]

REGIONS = ["US", "GB", "DE", "FR", "IT", "BR", "AR", "MX", "IN", "JP", "CH", "AU", "KE", "SM", "VA"]

TEXTS = [
    "Call me at +1 650-253-0000 or (650) 253-0001 before 5pm.",
    "Zürich office: +41 44 668 18 00, Berlin 030 901820",
    "\U0001f4de +1 650 253 0000 \U0001f600 +44 20 7031 3000",
    "\U0001f1e8\U0001f1ed 044 668 18 00",
    "no numbers here",
    "",
    "2012-01-02 08:00 is a time, 650-253-0000 is not",
    "order 123456789 of 12/12/2020",
    "tel:+1-201-555-0123;ext=77 and 1-800-FLOWERS",
    "(650) 253-0000 ext. 123; (650) 253-0001 x9",
    "e\u0301 650-253-0000 e\u0301",
    "\uff0b\uff14\uff11 \uff14\uff14 668 18 00",
    "6502530000650253000065025300006502530000",
    "a650-253-0000b",
    "$650-253-0000 %650-253-0001",
    "650-253-0000\n650-253-0001\r\n650-253-0002",
    "+1 (650) 253-0000/0001",
    "192.168.0.1 and 650.253.0000",
    "\u0661\u0662\u0663 (650) 253-0000",
    "\U00010400 650-253-0000 \U00010400 650-253-0001 \U00010400",
]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    written = [list(pair) for pair in NUMBERS]
    edges = [list(pair) for pair in EDGES]
    numbers = {"written": written, "edge": edges, "random": random_numbers(60)}
    texts = {name: [[number] for number, _ in group] for name, group in numbers.items()}
    regions = [
        [region]
        for region in [*REGIONS, "CA", "RU", "KZ", "GG", "001", "ZZ", "", "us", "\U0001f1e8"]
    ]
    codes = [[n] for n in [1, 7, 39, 41, 44, 47, 61, 212, 262, 290, 358, 590, 599, 800, 870, 979]]
    odd_codes = [[n] for n in [0, -1, 2, 99, 999, 1000, 210, 2**31 - 1, -(2**31)]]
    return {
        "phone.parse": numbers,
        "phone.is_valid": numbers,
        "phone.format": {
            "written": [[*pair, style] for pair in NUMBERS[:40] for style in STYLES],
            "edge": [[*pair, STYLES[i % 4]] for i, pair in enumerate(EDGES)],
        },
        "phone.type": numbers,
        "phone.possible_reason": numbers,
        "phone.is_match": {"pair": pairs()},
        "phone.find": {"text": [[text, region] for text in TEXTS for region in ("US", "CH")]},
        "phone.as_you_type": {"typed": [[n, r] for n, r in NUMBERS[:40]], "edge": edges[:30]},
        "phonenumbers:is_alpha_number": texts,
        "phonenumbers:convert_alpha_characters_in_number": texts,
        "phonenumbers:normalize_digits_only": texts,
        "phonenumbers:normalize_diallable_chars_only": texts,
        "phonenumbers:country_code_for_region": {"region": regions},
        "phonenumbers:ndd_prefix_for_region": {
            "region": [[region, strip] for [region] in regions for strip in (True, False)]
        },
        "phonenumbers:region_code_for_country_code": {"code": codes, "edge": odd_codes},
        "phonenumbers:region_codes_for_country_code": {"code": codes, "edge": odd_codes},
    }


STYLES = ["E164", "INTERNATIONAL", "NATIONAL", "RFC3966"]


def random_numbers(count: int) -> list[list[str]]:
    """Digits in groups, with or without a country code, for the listed regions."""
    rng = random.Random(4166)
    made = []
    for _ in range(count):
        digits = "".join(rng.choice("0123456789") for _ in range(rng.randint(4, 14)))
        cut = rng.randint(1, len(digits))
        text = digits[:cut] + rng.choice(["", " ", "-", ".", "/", "\u00a0"]) + digits[cut:]
        made.append([rng.choice(["", "", "+", "0", "00"]) + text, rng.choice(REGIONS)])
    return made


def pairs() -> list[list[str]]:
    """Two ways of writing what may be one number."""
    near = [
        ["+16502530000", "650 253 0000"],
        ["+1 650 253 0000", "+1 (650) 253-0000"],
        ["+1 650 253 0000", "+1 650 253 0000 x1"],
        ["6502530000", "6502530000"],
        ["253 0000", "+1 650 253 0000"],
        ["+390666982", "+39666982"],
        ["+41446681800", "0446681800"],
        ["", ""],
        ["abc", "+1 650 253 0000"],
        ["+1 650 253 0000 ext 3", "650 253 0000 ext 4"],
    ]
    written = [number for number, _ in NUMBERS]
    return near + [[a, b] for a, b in itertools.pairwise(written)]


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
