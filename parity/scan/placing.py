"""Whether a file that changed still means what it meant: but for where it stands, and literals.

Nothing that is solved depends on the number of a line, only on which things stand on one line and
in what order. So where the rows of a summary are the same but for their lines, and these moved in
step, the result of its group is the one that was kept, with lines and names moved.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import fields
from itertools import pairwise
from typing import Any, Final

from parity.scan.summary import FEWEST_LINES, Summary, unit_names
from parity.scanned import Moved, Raised, Said

LINES: Final = (
    ("loads", 4), ("stores", 4), ("items", 4), ("puts", 4), ("operators", 5), ("calls", 6),
    ("awaits", 5), ("raised", 2), ("imports", 3), ("stars", 1), ("aliases", 1),
)  # fmt: skip
"""Tables of a summary whose rows have a line, and its column."""
TOLD_APART: Final = frozenset({"lines", "notes"})
"""What a report takes from the heads of files, whatever was kept."""
LAMBDA: Final = re.compile(r"<lambda:\d+:\d+>")


def moved(file: str, module: str, before: Summary, after: Summary) -> Moved | None:
    """How `after` is `before` in another place; None where it says anything else. Both are used
    up by this."""
    if any("unread" in one.functions[0].flags for one in (before, after)):
        return None
    if len(before.functions) != len(after.functions):
        return None
    names = list(zip(unit_names(module, before), unit_names(module, after), strict=True))
    units = tuple(
        Said(
            name,
            one.line,
            one.end,
            one.provided,
            tuple(Raised(*row) for row in one.raises),
            one.hash,
        )
        for (_, name), one in zip(names, after.functions, strict=True)
    )
    lines = _in_step(_taken_lines(before), _taken_lines(after))
    if lines is None or not _are_same(before, after):
        return None
    return Moved(file, lines, {old: new for old, new in names if old != new}, units)


def _are_same(before: Summary, after: Summary) -> bool:
    return all(
        getattr(before, one.name) == getattr(after, one.name)
        for one in fields(Summary)
        if one.name not in TOLD_APART
    )


def _taken_lines(summary: Summary) -> list[int]:
    """All lines of a summary in the order of its rows, taken out of it with what only its units
    say of themselves."""
    taken: list[int] = []
    for table, column in LINES:
        _take(getattr(summary, table), column, taken)
    for at, facts in enumerate(summary.functions):
        is_short = facts.end - facts.line < FEWEST_LINES
        taken += (facts.line, facts.end) if at else (facts.end,)  # a module begins at line 1
        facts.line, facts.end = 0, int(is_short)
        facts.qualname = LAMBDA.sub("<lambda>", facts.qualname)
        facts.provides = "said" if facts.provides else ""
        facts.raises, facts.hash = [], ""
        _take(facts.touches, 4, taken)
        _take(facts.makes, 2, taken)
    for klass in summary.classes:
        taken.append(klass.line)
        klass.line = 0
    taken += summary.plain.values()
    summary.plain = dict.fromkeys(summary.plain, 0)
    return taken


def _take(rows: Sequence[Any], column: int, taken: list[int]) -> None:
    for row in rows:
        taken.append(row[column])
        row[column] = 0


def _in_step(before: Sequence[int], after: Sequence[int]) -> dict[int, int] | None:
    """Where each line went, if what stood on one line still does, in the same order."""
    if len(before) != len(after):
        return None
    lines = dict(zip(before, after, strict=True))
    if any(lines[old] != new for old, new in zip(before, after, strict=True)):
        return None
    places = [lines[old] for old in sorted(lines)]
    in_order = all(one < other for one, other in pairwise(places))
    return lines if in_order else None
