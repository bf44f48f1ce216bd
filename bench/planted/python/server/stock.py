"""What is there."""


class OutOfStock(Exception):
    """There is less than was ordered."""


def changed(before: list[int], after: list[int]) -> list[int]:
    """Positions at which two counts are not the same."""
    pairs = zip(before, after, strict=False)
    return [place for place, (old, new) in enumerate(pairs) if old != new]


def reserve(stock: dict[str, int], order: dict[str, int]) -> dict[str, int]:
    """What is left of the stock after an order; what runs out is no longer listed."""
    left = dict(stock)
    for name, count in order.items():
        if left[name] < count:
            raise OutOfStock(name)
        left[name] -= count
    return {name: count for name, count in left.items() if count}
