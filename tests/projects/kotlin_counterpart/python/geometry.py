"""Points and shapes."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Point:
    """A point of whole coordinates."""

    x: int
    y: int


class Degenerate(ValueError):
    """A shape without an inside."""


def translate(point: Point, dx: int, dy: int = 0) -> Point:
    """The point, moved."""
    return Point(point.x + dx, point.y + dy)


def double_area(corners: list[Point]) -> int:
    """Twice the area of a polygon; negative where it runs clockwise."""
    if len(corners) < 3:
        raise Degenerate(str(len(corners)))
    pairs = zip(corners, corners[1:] + corners[:1], strict=True)
    return sum(a.x * b.y - b.x * a.y for a, b in pairs)


def distance(one: Point, other: Point) -> float:
    """As the crow flies."""
    dx, dy = one.x - other.x, one.y - other.y
    return math.sqrt(dx * dx + dy * dy)


def nearest(points: list[Point], to: Point) -> Point | None:
    """The first of the nearest points, or None where there is none."""
    return min(points, key=lambda p: (p.x - to.x) ** 2 + (p.y - to.y) ** 2, default=None)


def by_quadrant(points: list[Point]) -> dict[str, list[Point]]:
    """The points by the quadrant that they are in; axes belong to the positive side."""
    found: dict[str, list[Point]] = {}
    for point in points:
        name = ("S" if point.y < 0 else "N") + ("W" if point.x < 0 else "E")
        found.setdefault(name, []).append(point)
    return found


def describe(point: Point, name: str = "P", digits: int = 2) -> str:
    """A point as text."""
    return f"{name}({point.x:0{digits}d}, {point.y:0{digits}d})"


def distinct(points: list[Point]) -> set[tuple[int, int]]:
    """The coordinates that occur."""
    return {(point.x, point.y) for point in points}


def grid_name(column: int, row: int) -> str:
    """Spreadsheet name of a cell, counted from one."""
    if column < 1 or row < 1:
        raise ValueError("counted from one")
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row}"
