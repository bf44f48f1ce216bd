"""Fees and invoices."""

from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


def prorate(cents: int, days: int, of: int) -> int:
    """The share of a fee for some days of a period, rounded down; negative for a credit."""
    if of <= 0:
        raise ValueError(f"a period of {of} days")
    return cents * days // of


def invoice(lines: list[dict], rate: Decimal, customer: dict) -> dict:
    """The sums of an invoice, to the cent."""
    prices = [line["price"] * line["count"] for line in lines]
    net = sum(prices, Decimal("0.00")).quantize(CENT, ROUND_HALF_EVEN)
    tax = (net * rate).quantize(CENT, ROUND_HALF_EVEN)
    return {
        "net": net,
        "tax": tax,
        "total": net + tax,
        "currency": customer.get("currency", "EUR"),
        "reference": customer.get("reference"),
    }
