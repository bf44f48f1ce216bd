"""Makes the inputs of the pairs, the same bytes each time."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

from bench.project import fixture_lines, fixtures_file
from parity.values.form import write

FOLDER = Path(__file__).resolve().parent
COUNT = 26
NAMES = ["ada", "Zoë", "ivy", "bo", "Łukasz", "max", "Čeněk", "eve", "oz", "may"]
ARTICLES = ["nut", "bolt", "washer", "gasket", "anvil", "spring", "clamp", "rivet"]
TEXTS = [
    "",
    "a",
    "shipping delayed",
    "Ünïcode header",
    "🚚 on its way",
    "two 📦📦 parcels",
    "日本語の見出し",
    "ends with 🎉",
    "plain and rather long headline of the day",
]


def inputs(random: random.Random) -> Iterator[tuple[str, list[Any]]]:
    """Units and the arguments of one call, in turns."""
    for turn in range(COUNT):
        yield "billing:prorate", prorated(random, turn)
        yield "billing:invoice", invoiced(random, turn)
        yield "clock:drift", [drifting(random, turn)]
        yield "clock:window", [moment(random), random.choice([0, 5, 90, 1440, -30])]
        yield "fleet:ranking", [hosts(random, turn)]
        yield "fleet:place", [hosts(random, turn % 9 + 1), random.choice([0, 3, 40, 98]), 100]
        yield "queues:drain", [names(random, turn % 8), random.choice([0, 1, 2, 3, 20])]
        yield "queues:unique", [names(random, turn % 9)]
        yield "queues:timeline", [moments(random, turn % 6), moments(random, turn % 5)]
        yield "queues:batches", [names(random, turn % 10), turn % 4]
        yield "settings:port", [operated(random, turn)]
        yield "settings:backoff", [turn * 3 - 5, *[[], [0.25], [1.0, 1e12]][turn % 3]]
        yield "stock:changed", [counts(random, 8), counts(random, turn % 9)]
        yield "stock:reserve", reserved(random, turn)
        yield (
            "text:fields",
            [",".join(random.choice(["", "a", "42", "x y"]) for _ in range(turn % 6))],
        )
        yield "text:headline", [TEXTS[turn % len(TEXTS)], [0, 5, 8, 12, 40][turn % 5]]
        yield "text:mirror", [TEXTS[turn % len(TEXTS)] + str(turn)]
        yield "text:is_code", [coded(random, turn)]
        yield "text:same_name", list(SAME[turn % len(SAME)]) if turn < len(SAME) else pair(random)


SAME = [
    ("Straße", "STRASSE"),
    ("TITLE", "title"),
    ("Zoë", "ZOË"),
    ("ada", "Bo"),
    ("ﬁnance", "FINANCE"),
    ("", ""),
    ("Istanbul", "ISTANBUL"),
]


def pair(random: random.Random) -> list[Any]:
    """Two names, now and then the same in another case."""
    name = random.choice(NAMES)
    return [name, random.choice([name.upper(), name.lower(), random.choice(NAMES)])]


def prorated(random: random.Random, turn: int) -> list[Any]:
    """Usual fees, credits, and sums that no 32 bits hold."""
    fees = [1999, -1999, 100, -1, 0, 500_000_000_00, -7]
    return [
        fees[turn % 7] + random.randrange(9),
        random.randrange(1, 31),
        [30, 31, 28, 7, 0][turn % 5],
    ]


def invoiced(random: random.Random, turn: int) -> list[Any]:
    """Lines with prices of two or three places, a rate, a customer with and without details."""
    lines = [
        {"price": Decimal(random.randrange(1, 99_999)).scaleb(-3 + number % 2), "count": number + 1}
        for number in range(turn % 4)
    ]
    lines += [{"price": Decimal("0.50"), "count": 1}] if turn % 3 == 0 else []
    customer = [
        {},
        {"currency": "CHF"},
        {"reference": "PO-1", "currency": "EUR"},
        {"reference": "PO-2"},
    ]
    return [lines, Decimal(["0.05", "0.07", "0.19", "0"][turn % 4]), customer[turn // 2 % 4]]


def drifting(random: random.Random, turn: int) -> list[float]:
    """Samples, of which the first and the last are the same in every fourth fixture."""
    samples = [round(random.uniform(-2, 2), 3) for _ in range(turn % 5)]
    return [*samples, samples[0]] if samples and turn % 4 == 1 else samples


def moment(random: random.Random) -> datetime:
    """A time with an offset."""
    zone = timezone(timedelta(minutes=random.choice([0, 60, -300, 330])))
    return datetime(2024, 2, 28, 23, random.randrange(60), 30, tzinfo=zone)


def hosts(random: random.Random, count: int) -> list[Any]:
    """Hosts, of which many have the same load."""
    chosen = [random.choice(NAMES) + str(number) for number in range(count % 10)]
    return [
        {
            "$object": [
                "server.fleet:Host",
                {
                    "name": name,
                    "zone": random.choice("abc"),
                    "load": random.choice([0, 10, 10, 55]),
                },
            ]
        }
        for name in chosen
    ]


def names(random: random.Random, count: int) -> list[str]:
    """Names, some of them twice."""
    return [random.choice(NAMES) for _ in range(count)]


def moments(random: random.Random, count: int) -> list[int]:
    """Moments, some of them equal, some far apart."""
    return [random.choice([0, 7, 7, 2**31, -(2**31), 2**40, -(2**40)]) for _ in range(count)]


def counts(random: random.Random, count: int) -> list[int]:
    """Counts of which half are beyond the small ones that Java keeps."""
    return [random.choice([1, 2, 1000, 1001]) for _ in range(count)]


def operated(random: random.Random, turn: int) -> dict[str, str]:
    """Settings with good, bad and missing ports."""
    given = ["8080", " 443 ", "0", "65536", "http", "", "-1", "65535", "99999999999"]
    return {"host": "a"} if turn % 6 == 5 else {"port": given[turn % 9], "host": "b"}


def reserved(random: random.Random, turn: int) -> list[Any]:
    """A stock in no order, and an order that it holds, exhausts or exceeds."""
    stock = {name: random.randrange(2, 9) for name in random.sample(ARTICLES, 2 + turn % 6)}
    order = {name: random.randrange(0, 3) for name in random.sample(list(stock), 2)}
    first = next(iter(stock))
    if turn % 5 == 1:
        order[first] = stock[first]
    elif turn % 5 == 2:
        order[first] = stock[first] + 1
    elif turn % 5 == 3:
        order["unheard of"] = 1
    return [stock, order]


def coded(random: random.Random, turn: int) -> str:
    """Codes and what is nearly one."""
    code = f"{random.choice(['AB', 'XY', 'QZ'])}-{random.randrange(1000)}"
    return [code, code + "\n", code.lower(), code + " ", "A" + code, code[:3], code][turn % 7]


def main() -> None:
    """Writes one file per unit."""
    given: dict[str, list[dict[str, Any]]] = {}
    for unit, args in inputs(random.Random(20)):
        lines = given.setdefault(f"server.{unit}", [])
        lines.append({"id": f"call_{len(lines) + 1}", "args": [formed(arg) for arg in args]})
    for unit, lines in given.items():
        file = FOLDER / fixtures_file(unit)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(fixture_lines([{"parity": 1, "unit": unit}, *lines]), "utf-8")


def formed(value: Any) -> Any:
    """A value in fixture form; hosts are in it already."""
    if isinstance(value, list) and value and isinstance(value[0], dict) and "$object" in value[0]:
        return value
    return write(value)


if __name__ == "__main__":
    main()
