"""The steps of an order, and the loop that works through them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

CENTS = {"apple": 30, "pear": 45, "plum": 12}
Step = Callable[..., Any]


class UnknownArticle(Exception):
    """There is no such article."""


class Busy(Exception):
    """Try again."""


def price_line(article: str, count: int, gift: bool, attempt: int = 0) -> dict[str, Any]:
    """The price of one line, in cents; a tenth off from ten pieces on."""
    if article not in CENTS:
        raise UnknownArticle(article)
    if article == "plum" and attempt == 0:
        raise Busy("plums are being counted")
    cents = CENTS[article] * count
    if count >= 10:
        cents = cents * 9 // 10
    return {"article": article, "count": count, "gift": gift, "cents": cents}


def total_order(order: dict[str, Any]) -> dict[str, Any]:
    """The order with its sum; lines that were left cost nothing."""
    return {**order, "cents": sum(line.get("cents", 0) for line in order["lines"])}


def receipt(order: dict[str, Any], shop: str = "corner shop") -> dict[str, Any]:
    """What the customer gets."""
    return {"order": order, "shop": shop}


def work_through(order: dict[str, Any], kept: dict[str, Any], step: Step) -> dict[str, Any]:
    """A whole order; `kept` is where orders stay, `step` calls a step by the name of its state."""
    lines = [one_line(line, step) for line in order["lines"]]
    whole = step("TotalOrder", total_order, {**order, "lines": lines})
    kept[whole["id"]] = {"cents": whole["cents"]}
    return step("Receipt", receipt, whole)


def one_line(line: dict[str, Any], step: Step) -> dict[str, Any]:
    """A line with its price; tried again while the shop is busy, left where nobody knows it."""
    if line["gift"]:
        return {"article": line["article"], "count": line["count"], "gift": True, "cents": 0}
    for attempt in range(4):
        try:
            return step(
                "PriceLine", lambda event: price_line(**event), {**line, "attempt": attempt}
            )
        except Busy:
            continue
        except UnknownArticle:
            return {"article": line["article"], "left": True}
    raise Busy("for too long")
