"""The steps of the ordering workflow."""

from __future__ import annotations

from typing import Any


class OutOfStock(Exception):
    """There is less than was asked for."""


def reserve_stock(sku: str, quantity: int, stock: int = 10) -> dict[str, Any]:
    """Takes a quantity out of the stock."""
    if quantity > stock:
        raise OutOfStock(f"{sku}: {stock} < {quantity}")
    return {"sku": sku, "reserved": quantity, "left": stock - quantity, "note": None}


def normalise_order(event: dict[str, Any]) -> dict[str, Any]:
    """Trims the keys, sorts the tags, keeps everything else."""
    tags = sorted(set(event.get("tags") or []))
    kept = {key.strip(): value for key, value in event.items() if key != "tags"}
    return {**kept, "tags": tags, "count": len(tags)}


def count_items(event: dict[str, Any], context: object) -> dict[str, Any]:
    """How many items of each kind there are."""
    counts: dict[str, int] = {}
    for item in event["items"]:
        counts[item["kind"]] = counts.get(item["kind"], 0) + item.get("n", 1)
    return {"counts": counts, "largest": max(counts.values(), default=0)}
