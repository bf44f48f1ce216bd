"""Containers and what runs over them."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterator


class Full(Exception):
    """There is no room left."""


class BoundedQueue:
    """A queue with a limit."""

    def __init__(self, limit: int = 3) -> None:
        self.limit = limit
        self.items: deque[str] = deque()

    def push(self, item: str) -> int:
        """Puts an item at the end; how many there are now."""
        if len(self.items) >= self.limit:
            raise Full(item)
        self.items.append(item)
        return len(self.items)

    def pop(self) -> str:
        """Takes the first item."""
        return self.items.popleft()

    def peek(self) -> str | None:
        """The first item, left where it is."""
        return self.items[0] if self.items else None

    def size(self) -> int:
        """How many items there are."""
        return len(self.items)


class Account:
    """A balance in cents."""

    def __init__(self, owner: str, cents: int) -> None:
        self.owner = owner
        self.cents = cents

    def deposit(self, cents: int) -> int:
        """Adds to the balance; what it is now."""
        if cents <= 0:
            raise ValueError("nothing to add")
        self.cents += cents
        return self.cents


def checksum(data: bytes) -> int:
    """Adler-32, written out."""
    low, high = 1, 0
    for byte in data:
        low = (low + byte) % 65521
        high = (high + low) % 65521
    return (high << 16) | low


def chunks(data: bytes, size: int) -> Iterator[bytes]:
    """Pieces of a size; the last may be shorter."""
    if size <= 0:
        raise ValueError("size")
    for start in range(0, len(data), size):
        yield data[start : start + size]


def windows(numbers: list[int], size: int) -> Iterator[tuple[int, ...]]:
    """Every run of `size` neighbours."""
    for start in range(len(numbers) - size + 1):
        yield tuple(numbers[start : start + size])


def rotate(items: list[str], by: int) -> None:
    """Rotates a list to the right, in place."""
    if items:
        by %= len(items)
        items[:] = items[-by:] + items[:-by]


def greeting(first: str, last: str = "", *, title: str | None = None, shout: bool = False) -> str:
    """How somebody is greeted."""
    name = " ".join(part for part in (title, first, last) if part)
    text = f"Dear {name}"
    return text.upper() if shout else text


def join_all(separator: str, *parts: str) -> str:
    """The parts, separated."""
    return separator.join(parts)


async def slow_sum(numbers: list[int]) -> int:
    """The sum, after giving way once for each number."""
    total = 0
    for number in numbers:
        await asyncio.sleep(0)
        if number < 0:
            raise ValueError("negative")
        total += number
    return total


async def countdown(start: int) -> AsyncIterator[int]:
    """From a number down to one."""
    while start > 0:
        yield start
        await asyncio.sleep(0)
        start -= 1


def quotient(a: int, b: int) -> tuple[int, int]:
    """Floor division and its remainder."""
    return divmod(a, b)


def initial(name: str) -> str:
    """The first character of a name."""
    return name[0].upper()
