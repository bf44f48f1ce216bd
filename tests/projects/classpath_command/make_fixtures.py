"""Makes the inputs, and records `billing` as it runs where the mainframe's client is installed."""

from __future__ import annotations

import copy
import importlib
import random
import sys
import types
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.projects.writing import Groups, write

HERE = Path(__file__).parent
PRICES = [
    "0",
    "0.05",
    "0.06",
    "0.19",
    "1.00",
    "9.99",
    "10",
    "-1.50",
    "123456.78",
    "0.6172839",
    "1E+2",
]
RATES = ["normal", "reduced", "lodging", "none"]


def units() -> dict[str, Groups]:
    """The inputs of all units of the map; those of `billing` with what was observed."""
    rng = random.Random(19)
    vat: list[list[Any]] = [[Decimal(price), rate] for price in PRICES for rate in RATES]
    vat += [[Decimal("1"), rate] for rate in ("", "Normal", "luxury", "\u00e9")]
    numbers = [
        [year, serial]
        for year in (1, 1999, 2024, 9999)
        for serial in (0, 1, 7, 999, 123456, 999999)
    ]
    bills = [[invoices(rng, count), rng.randrange(3000)] for count in range(24)]
    return {
        "billing:invoice_number": {"number": recorded("invoice_number", numbers)},
        "billing:settle": {"bills": recorded("settle", bills)},
        "billing:vat": {"vat": recorded("vat", vat)},
        "ledger:balance": {
            "entries": [[[rng.randint(-1000, 1000) for _ in range(n)]] for n in range(20)],
            "large": [[[2**62, -(2**62), 2**53 + 1]], [[-(2**62), -1]], [[0, 0]]],
        },
        "ledger:masked": {
            "default": [[text] for text in IBANS],
            "keep": [[text, keep] for text in IBANS for keep in (1, 8)],
        },
        "ledger:split_evenly": {
            "split": [[cents, n] for cents in (0, 1, 7, 100, 10**12 + 1) for n in (1, 2, 3, 7)],
            "negative": [[-1, 2], [-100, 3], [100, -3]],
            "zero": [[100, 0], [0, 0]],
        },
    }


IBANS = [
    "",
    "1",
    "1234",
    "12345",
    "CH93 0076 2011 6238 5295 7",
    " DE89370400440532013000 ",
    "GB29\tNWBK\n6016",
    "\u00a0NL91\u2003ABNA",
    "\U0001f4b0\U0001f4b0 \U0001f4b0\U0001f4b0 \U0001f4b0\U0001f4b0",
    "e\u0301e\u0301e\u0301",
]


def invoices(rng: random.Random, count: int) -> list[dict[str, Any]]:
    """Invoices, some of them paid already."""
    return [{"cents": rng.randrange(900), "paid": rng.random() < 0.3} for _ in range(count)]


def recorded(name: str, inputs: Sequence[list[Any]]) -> list[dict[str, Any]]:
    """Fixtures with what the function did, run against a stand-in for the missing module."""
    sys.modules["mainframe_client"] = stand_in()
    sys.path.insert(0, str(HERE / "python"))
    try:
        function = getattr(importlib.import_module("billing"), name)
        return [{"args": form(args), "observed": observe(function, args)} for args in inputs]
    finally:
        sys.path.remove(str(HERE / "python"))
        del sys.modules["mainframe_client"], sys.modules["billing"]


def stand_in() -> types.ModuleType:
    """What `mainframe_client` says on the server."""
    module = types.ModuleType("mainframe_client")
    rates = {"normal": "8.1", "reduced": "2.6", "lodging": "3.8", "none": "0"}
    vars(module).update(RATES=rates, PREFIX="CH")
    return module


def observe(function: Any, args: list[Any]) -> dict[str, Any]:
    """What the function did, and its arguments where it changed them."""
    given = copy.deepcopy(args)
    try:
        observed: dict[str, Any] = {"returned": form(function(*given))}
    except Exception as error:
        kind = f"{type(error).__module__}:{type(error).__qualname__}"
        observed = {"raised": {"class": kind, "message": str(error)}}
    return observed | ({"args": form(given)} if given != args else {})


def form(value: Any) -> Any:
    """The form of a Decimal inside of lists; the rest is what JSON says."""
    if isinstance(value, list):
        return [form(item) for item in value]
    return {"$decimal": str(value)} if isinstance(value, Decimal) else value


if __name__ == "__main__":
    write(HERE / "fixtures", units())
