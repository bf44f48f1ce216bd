"""Makes the inputs of the warehouse."""

from __future__ import annotations

import itertools
import random
from pathlib import Path
from typing import Any

from tests.projects.writing import Groups, write

SKUS = ["A-1", "B-2", "C-3", "", "\u00e9", "\U0001f4e6", "a-1"]
PRICES = ["0.10", "1.00", "1.005", "2.675", "19.99", "0", "0.000", "-3.50", "1E+2", "12345.6789"]


def line(sku: str, quantity: int, price: str) -> dict[str, Any]:
    """A Line."""
    return {
        "$object": [
            "warehouse.orders:Line",
            {"sku": sku, "quantity": quantity, "unit_price": {"$decimal": price}},
        ]
    }


def address(street: str, house: int, code: str | None) -> dict[str, Any]:
    """An Address."""
    fields = {"street_name": street, "house_number": house, "post_code": code}
    return {"$object": ["warehouse.orders:Address", fields]}


def priority(name: str) -> dict[str, Any]:
    """A Priority."""
    return {"$enum": ["warehouse.orders:Priority", name]}


def seconds(text: str) -> dict[str, str]:
    """A timedelta."""
    return {"$timedelta": text}


def moment(text: str) -> dict[str, str]:
    """A datetime."""
    return {"$datetime": text}


def units() -> dict[str, Groups]:
    """The inputs of all units of the map."""
    rng = random.Random(7)
    orders = [random_lines(rng, count) for count in [0, 1, 2, 3, 5, 8, 13] * 4]
    pairs = [[one, other] for a in orders if len(a) > 1 for one, other in [(a[0], a[1])]]
    same = [[line("A-1", 2, p), line("A-1", 3, q)] for p, q in itertools.pairwise(PRICES)]
    discounts = ["0", "5", "12.5", "33.33", "99.99", "100", "100.01", "-1", "0.5"]
    places = [
        address(street, house, code)
        for street in [
            "Main Street",
            "stra\u00dfe",
            "\u65e5\u672c\u901a\u308a",
            "\U0001f3e0 Lane",
            "",
            "x",
        ]
        for house, code in [(1, "8000"), (0, None), (-5, ""), (2000000000, "SW1A 1AA")]
    ]
    return {
        "orders.skus": {"lines": [[lines] for lines in orders]},
        "warehouse.orders:order_total": {
            "total": [[lines, {"$decimal": d}] for lines in orders[:10] for d in discounts]
        },
        "warehouse.orders:merge_lines": {"other": pairs, "same": same},
        "warehouse.orders:find_line": {
            "find": [
                [lines, sku] for lines in orders[:8] for sku in ("A-1", "\U0001f4e6", "a-1", "none")
            ]
        },
        "warehouse.orders:priority_of": {
            "days": [[days] for days in (0, 1, 2, 9, 10, 11, 1000, -1, 2**31 - 1, -(2**31))],
            "express": [[days, express] for days in (0, 5, 50, -5) for express in (True, False)],
            "named": [{"args": [days], "kwargs": {"express": True}} for days in (3, 30, -3)],
        },
        "warehouse.orders:most_urgent": {
            "some": [
                [[priority(name) for name in rng.choices(("LOW", "NORMAL", "URGENT"), k=n % 5)]]
                for n in range(45)
            ]
        },
        "warehouse.orders:missing_skus": {"sets": sets_of_skus(rng)},
        "warehouse.orders:restock": {
            "stock": [
                [{"A-1": 3, "B-2": 0}, sku, n]
                for sku in SKUS[:6]
                for n in (1, 10, 0, -1, 2000000000)
            ]
        },
        "warehouse.orders:drop_empty": {"lines": [[lines] for lines in orders]},
        "warehouse.orders:running_totals": {"lines": [[lines] for lines in orders]},
        "warehouse.orders:move_house": {"house": [[place, n] for place in places for n in (1, -1)]},
        "warehouse.orders:label": {
            "default": [[place] for place in places],
            "width": [[place, width] for place in places for width in (1, 5, 40)],
        },
        "warehouse.calendar:due": {
            "due": [[moment(m), seconds(s)] for m in LOCAL for s in DURATIONS]
        },
        "warehouse.calendar:elapsed": {
            "elapsed": [[moment(a), moment(b)] for a in AWARE for b in AWARE]
        },
        "warehouse.calendar:in_utc": {"moment": [[moment(text)] for text in more_moments(rng)]},
        "warehouse.calendar:next_working_day": {
            "day": [[{"$date": f"2024-02-{day:02d}"}] for day in range(1, 30)],
            "edge": [
                [{"$date": d}] for d in ("0001-01-01", "9999-12-30", "1999-12-31", "2000-02-28")
            ],
        },
        "warehouse.calendar:total": {
            "parts": [[[seconds(s) for s in rng.choices(DURATIONS, k=n)]] for n in range(12)]
            + [[[seconds(s), seconds(s)]] for s in DURATIONS]
        },
        "warehouse.steps:reserve_stock": {
            "default": [[sku, n] for sku in SKUS for n in (0, 10, 11)],
            "stock": [[sku, n, 5] for sku in SKUS[:4] for n in (1, 5, 6, -1)],
        },
        "warehouse.steps:normalise_order": {"event": [[event] for event in EVENTS]},
        "warehouse.steps:count_items": {
            "items": [{"args": [{"items": items(rng, n)}, None]} for n in range(24)],
            "wrong": [{"args": [{}, None]}],
        },
    }


LOCAL = [
    "2024-02-28T23:59:59",
    "2024-10-27T02:30:00",
    "1970-01-01T00:00:00.000001",
    "1999-12-31T12:00:00",
]
AWARE = [
    "2024-10-27T02:30:00+02:00",
    "2024-10-27T02:30:00+01:00",
    "2024-10-27T01:30:00+00:00",
    "1969-12-31T23:59:59.999999-05:00",
    "2024-02-29T12:00:00+05:45",
]
DURATIONS = [
    "0",
    "1",
    "-1",
    "86400",
    "0.000001",
    "-0.000001",
    "3600.5",
    "31536000",
    "-86399.999999",
    "0.1",
]
EVENTS: list[dict[str, Any]] = [
    {},
    {"tags": []},
    {"tags": None},
    {"tags": ["b", "a", "b"]},
    {"tags": ["\u00e9", "z", "Z", ""]},
    {" id ": 1},
    {"id": "x", "total": 10.5, "open": True, "none": None},
    {"deep": {"list": [1, [2, {"a": None}]], "map": {}}},
    {"n": 2147483648},
    {"n": -9007199254740991},
    {"f": 0.1},
    {"f": 1e300},
    {"text": "\U0001f600 \u00e9 e\u0301"},
    {"\u65e5\u672c": "\u8a9e"},
    {"\ttab": 1, "nl\n": 2},
    {"quote": '"\\/'},
    {"empty": "", "zero": 0, "false": False},
    {"tags": ["only"], "count": 99},
    {"list": [1, 2, 3], "tags": ["x"]},
    {"a": {"b": {"c": {"d": [[], {}]}}}},
    {"__private": 1, "tags": ["t"]},
    {"long": "x" * 3000},
]


def random_lines(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Some lines of an order."""
    return [
        line(rng.choice(SKUS), rng.choice([0, 1, 2, 7, 1000]), rng.choice(PRICES))
        for _ in range(count)
    ]


def sets_of_skus(rng: random.Random) -> list[list[Any]]:
    """Pairs of sets."""
    made = []
    for _ in range(24):
        made.append([{"$set": sorted(rng.sample(SKUS, rng.randint(0, 7)))} for _ in range(2)])
    return made


def more_moments(rng: random.Random) -> list[str]:
    """Moments with all kinds of offsets."""
    made = list(AWARE)
    for _ in range(25):
        hour, offset = (
            rng.randrange(24),
            rng.choice(["+00:00", "-11:00", "+14:00", "+05:30", "-03:30"]),
        )
        day = f"20{rng.randrange(10, 40)}-0{rng.randint(1, 9)}-1{rng.randrange(10)}"
        made.append(f"{day}T{hour:02d}:15:30{offset}")
    return made


def items(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Items of a few kinds, some with a number."""
    made: list[dict[str, Any]] = []
    for _ in range(count):
        item: dict[str, Any] = {"kind": rng.choice(["box", "bag", "\u00e9", "\U0001f4e6", ""])}
        made.append(item | ({"n": rng.randrange(5)} if rng.random() < 0.5 else {}))
    return made


if __name__ == "__main__":
    write(Path(__file__).parent / "fixtures", units())
