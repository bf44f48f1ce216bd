"""Invoices. It needs the client of the mainframe, which is installed on the server only."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import mainframe_client


class Rejected(Exception):
    """The mainframe would not take it."""


@dataclass(frozen=True)
class Invoice:
    """What a customer is asked for."""

    number: str
    total: Decimal
    paid: bool


def vat(net: Decimal, rate: str) -> Decimal:
    """The value added tax of a net price, rounded half-up to cents."""
    if rate not in mainframe_client.RATES:
        raise Rejected(rate)
    part = net * Decimal(mainframe_client.RATES[rate]) / Decimal(100)
    return part.quantize(Decimal("0.01"), ROUND_HALF_UP) + 0  # never a negative zero


def invoice_number(year: int, serial: int) -> str:
    """The number of an invoice with its check digit."""
    digits = f"{year:04d}{serial:06d}"
    check = sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(digits)) % 10
    return f"{mainframe_client.PREFIX}{digits}-{check}"


def settle(invoices: list[dict[str, Any]], payment: int) -> int:
    """Pays the invoices in order, in place, as far as the payment goes; what is left of it."""
    for invoice in invoices:
        if invoice["cents"] <= payment and not invoice["paid"]:
            payment -= invoice["cents"]
            invoice["paid"] = True
    return payment
