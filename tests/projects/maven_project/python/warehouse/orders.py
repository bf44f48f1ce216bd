"""Orders: lines, totals, priorities."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from enum import Enum


class Priority(Enum):
    """How soon an order leaves."""

    LOW = 1
    NORMAL = 2
    URGENT = 3


class UnknownSku(LookupError):
    """A stock keeping unit that no order has."""


@dataclass(frozen=True)
class Line:
    """One line of an order."""

    sku: str
    quantity: int
    unit_price: Decimal


@dataclass
class Address:
    """Where an order goes."""

    street_name: str
    house_number: int
    post_code: str | None = None


def order_total(lines: list[Line], discount: Decimal) -> Decimal:
    """What the lines cost, less a discount in percent, rounded half-even to cents."""
    if not 0 <= discount <= 100:
        raise ValueError(f"discount {discount}")
    whole = sum((line.unit_price * line.quantity for line in lines), Decimal("0"))
    cut = whole * (Decimal("100") - discount) / Decimal("100")
    return cut.quantize(Decimal("0.01"), ROUND_HALF_EVEN) + 0  # never a negative zero


def merge_lines(one: Line, other: Line) -> Line:
    """Two lines of one unit as one, at the lower price."""
    if one.sku != other.sku:
        raise UnknownSku(other.sku)
    price = min(one.unit_price, other.unit_price)
    return Line(one.sku, one.quantity + other.quantity, price)


def find_line(lines: list[Line], sku: str) -> Line | None:
    """The first line of a unit, or None."""
    return next((line for line in lines if line.sku == sku), None)


def priority_of(days: int, express: bool = False) -> Priority:
    """From the days that are left."""
    if days < 0:
        raise ValueError("too late")
    if express or days < 2:
        return Priority.URGENT
    return Priority.NORMAL if days < 10 else Priority.LOW


def most_urgent(priorities: list[Priority]) -> Priority:
    """The one that leaves first."""
    return max(priorities, key=lambda priority: priority.value)


def missing_skus(wanted: set[str], stocked: set[str]) -> set[str]:
    """What is wanted and not there."""
    return wanted - stocked


def restock(stock: dict[str, int], sku: str, amount: int) -> int:
    """Adds to the stock in place; what there is now."""
    if amount <= 0:
        raise ValueError("nothing to add")
    stock[sku] = stock.get(sku, 0) + amount
    return stock[sku]


def drop_empty(lines: list[Line]) -> None:
    """Takes lines of no quantity out of the list."""
    lines[:] = [line for line in lines if line.quantity]


def running_totals(lines: list[Line]) -> Iterator[Decimal]:
    """The total after each line."""
    total = Decimal("0")
    for line in lines:
        total += line.unit_price * line.quantity
        yield total


def move_house(address: Address, steps: int) -> Address:
    """The address some houses further, without its post code."""
    return Address(address.street_name.upper(), address.house_number + steps, None)


def label(address: Address, width: int = 12) -> str:
    """The address as it is printed: cut to a width, in characters."""
    text = f"{address.street_name} {address.house_number}"
    return text if len(text) <= width else text[: width - 1] + "…"
