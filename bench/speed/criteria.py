"""What must be shown, each with the figure that was measured."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True, slots=True)
class Criterion:
    """A figure and its bound: at least it, or at most it. Without a figure it was not measured."""

    line: str
    what: str
    figure: float | None
    bound: float
    unit: str
    at_least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether it holds; None where there is no figure."""
        if self.figure is None:
            return None
        return self.figure >= self.bound if self.at_least else self.figure <= self.bound

    @property
    def told(self) -> str:
        """PASS, FAIL or skipped."""
        return {True: "PASS", False: "FAIL", None: "skipped"}[self.met]

    @property
    def wanted(self) -> str:
        """The bound as text."""
        return f"{'≥' if self.at_least else '≤'} {self.bound:g} {self.unit}".rstrip()

    @property
    def got(self) -> str:
        """The figure as text."""
        return "–" if self.figure is None else f"{self.figure:.3g} {self.unit}".rstrip()

    def as_row(self) -> dict[str, object]:
        """For JSON."""
        return {
            "line": self.line,
            "what": self.what,
            "figure": self.figure,
            "bound": self.bound,
            "unit": self.unit,
            "at_least": self.at_least,
            "note": self.note,
        }


def tell(criteria: Sequence[Criterion]) -> int:
    """Prints all of them; the exit status: 1 where one is not met, 2 where none was measured."""
    table = Table(box=None, pad_edge=False)
    for name in ("line", "what", "must be", "is", "", "note"):
        table.add_column(name, justify="right" if name in ("must be", "is") else "left")
    for one in criteria:
        style = {True: "green", False: "red", None: "dim"}[one.met]
        told = f"[{style}]{one.told}[/]"
        table.add_row(one.line, one.what, one.wanted, one.got, told, one.note)
    Console(width=None if Console().is_terminal else 140).print(table)
    if any(one.met is False for one in criteria):
        return 1
    return 0 if any(one.met for one in criteria) else 2
