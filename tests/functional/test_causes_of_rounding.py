"""Roundings that a port writes otherwise: which of them it was is proven."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from parity.values.words import camel_case
from tests.functional.conftest import Project

PYTHON = """\
import math
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal


def tax(amount):
    return str(Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP))


def up(amount):
    return str(Decimal(amount).quantize(Decimal("0.1"), rounding=ROUND_CEILING))


def whole(amount):
    return int(Decimal(amount).to_integral_value(ROUND_HALF_UP))


def net(price):
    return round(price * 100) / 100


def down(price):
    return math.floor(price * 100) / 100


def total(prices):
    return sum(prices)


def whole_cents(price):
    return int(round(price * 100)) * 2


def with_fees(prices):
    total = 0.0
    for price in prices:
        total = total + price + 0.1
    return total


def share(price):
    return price * 0.19 / 7


def cents(price):
    return float(Decimal(str(price)).quantize(Decimal("0.01"), ROUND_HALF_UP))
"""
JAVA = """\
package shop;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;

public final class Prices {
  public static String tax(String amount) {
    return new BigDecimal(amount).setScale(2, RoundingMode.HALF_EVEN).toString();
  }

  public static String up(String amount) {
    return new BigDecimal(amount).setScale(1, RoundingMode.UP).toString();
  }

  public static int whole(String amount) {
    return new BigDecimal(amount).setScale(0, RoundingMode.HALF_DOWN).intValue();
  }

  public static double net(double price) {
    return BigDecimal.valueOf(price).setScale(2, RoundingMode.HALF_UP).doubleValue();
  }

  public static double down(double price) {
    return BigDecimal.valueOf(price).setScale(2, RoundingMode.FLOOR).doubleValue();
  }

  public static double total(List<Double> prices) {
    BigDecimal total = BigDecimal.ZERO;
    for (double price : prices) {
      total = total.add(BigDecimal.valueOf(price));
    }
    return total.doubleValue();
  }

  public static long wholeCents(double price) {
    return (long) (price * 100) * 2;
  }

  public static double withFees(List<Double> prices) {
    double total = 0;
    for (double price : prices) {
      total += price + 0.1;
    }
    return total;
  }

  public static double share(double price) {
    return price * (0.19 / 7);
  }

  public static double cents(double price) {
    return Math.round(price * 100) / 100.0;
  }
}
"""
AMOUNTS = ["1.005", "-1.05", "2.00", "0.5", "3.14", "-0.01", "2.5", "7.77"]
PRICES = [1.005, 0.125, 2.675, 1.255, 0.29, 1.15, 10.235, 3.0, 8.115, 4.2, 17.01, 0.333]
GIVEN: dict[str, list[Any]] = {
    **dict.fromkeys(("tax", "up", "whole"), AMOUNTS),
    **dict.fromkeys(("net", "down", "whole_cents", "cents", "share"), PRICES),
    **{name: [PRICES[at : at + 4] for at in range(9)] for name in ("total", "with_fees")},
}
CAUSES = {
    "tax": ["rounding-mode"],
    "up": ["rounding-mode"],
    "whole": ["rounding-mode"],
    "net": ["float-as-decimal", "half-even"],
    "down": ["float-as-decimal"],
    "total": ["float-as-decimal"],
    "whole_cents": ["round-digits"],
    "cents": ["decimal-as-double"],
    "with_fees": ["float-grouping"],
    "share": ["float-grouping"],
}
CONFIG = 'sources = ["src"]\nfixtures = "fixtures"\n[java]\nclasspath = ["classes"]\n'


@pytest.fixture(scope="module")
def units(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    files = {"parity.toml": CONFIG, "src/prices.py": PYTHON, "java/shop/Prices.java": JAVA}
    tables = [
        f'[unit."prices:{name}"]\njava = "shop.Prices#{camel_case(name)}"\n' for name in GIVEN
    ]
    files["parity.map.toml"] = "schema = 1\n" + "".join(tables)
    for name, given in GIVEN.items():
        files[f"fixtures/prices/{name}.jsonl"] = "".join(
            json.dumps({"id": f"f{index}", "args": [one]}) + "\n" for index, one in enumerate(given)
        )
    project = Project(Path(tmp_path_factory.mktemp("rounding"))).write(files).javac("-g")
    return {unit["id"]: unit for unit in project.run().report["units"]}


@pytest.mark.parametrize("name", CAUSES)
def test_which_rounding_it_was_is_proven(units: dict[str, Any], name: str) -> None:
    findings = units[f"prices:{name}"]["findings"]
    assert findings
    for one in findings:
        cause = one["cause"]
        assert cause["proven"], one
        assert [cause["id"], *cause.get("also", [])] == CAUSES[name]
