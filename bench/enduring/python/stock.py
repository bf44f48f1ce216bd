"""A stock whose port is right in most places; one of its functions waits where it is told to."""

import os
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

CALLS = os.environ.get("CALLS")


class NoShelfError(Exception):
    """There is no such shelf."""


@dataclass
class Shelf:
    aisle: str
    place: int
    full: bool


def reorder(have: int, least: int) -> int:
    """How many to order; what is called stands in a file, where one is named."""
    if CALLS:
        with Path(CALLS).open("a") as calls:
            calls.write(f"{have}\n")
    return max(0, least - have) // 3


def price(each: float, count: int) -> int:
    return round(each * count)


def shelf(aisle: str, place: int) -> Shelf:
    if place % 11 == 3:
        raise NoShelfError(f"no place {place} in {aisle}")
    return Shelf(aisle, place, place % 2 == 0)


def count(crates: int) -> int:
    return crates * 12


def pick(item: int) -> int:
    """Hangs on the item that a file names, where there is such a file, and says that it does."""
    hangs = Path("hangs")
    if hangs.exists() and hangs.read_text() == f"python {item}":
        subprocess.Popen(["sleep", "1000"], start_new_session=True)
        hangs.with_suffix(".reached").touch()
        while True:
            time.sleep(0)
    return item * 7
