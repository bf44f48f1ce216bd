"""Errors that people meet: what, where, why, and what to do next."""

from __future__ import annotations

from collections.abc import Sequence


class ParityError(Exception):
    """Bad use or bad input. It cannot be raised without saying what to do next."""

    def __init__(self, what: str, *, where: str | None, why: str, next_step: str) -> None:
        if not next_step:
            raise ValueError("an error without a next step helps nobody")
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.next_step = next_step

    def __str__(self) -> str:
        return "\n".join([*self._facts(), "", f"hint: {self.next_step}"])

    def _facts(self) -> list[str]:
        return facts(self.what, self.where, self.why)


def facts(what: str, where: str | None, why: str) -> list[str]:
    """The lines that say what went wrong, where and why."""
    lines = [f"error: {what}"]
    if where:
        lines.append(f"  at {where}")
    if why:
        lines.append("  because " + why.replace("\n", "\n    "))
    return lines


class ConfigError(ParityError):
    """A config, map or fixture file that was refused whole, with everything wrong in it."""

    def __init__(self, file: str, problems: Sequence[Problem], *, kind: str) -> None:
        count = len(problems)
        super().__init__(
            f"{file} has {count} problem{'s' if count != 1 else ''}",
            where=None,
            why="",
            next_step=f"mend the {kind}; nothing was run",
        )
        self.problems = tuple(problems)

    def _facts(self) -> list[str]:
        lines = [f"error: {self.what}"]
        for problem in self.problems:
            lines.append(f"  at {problem.where}: {problem.why}")
            if problem.hint:
                lines.append(f"     {problem.hint}")
        return lines


class Problem:
    """One thing wrong in a file: where, why, and a hint where one is known."""

    __slots__ = ("hint", "where", "why")

    def __init__(self, where: str, why: str, hint: str = "") -> None:
        self.where = where
        self.why = why
        self.hint = hint


def nearest(word: str, known: Sequence[str]) -> list[str]:
    """Up to three known names that look like `word`, best first."""
    from difflib import get_close_matches

    folded: dict[str, list[str]] = {}
    for name in known:
        folded.setdefault(name.casefold(), []).append(name)
    near = get_close_matches(word.casefold(), folded, n=3, cutoff=0.6)
    return [name for one in near for name in folded[one]][:3]


def did_you_mean(word: str, known: Sequence[str]) -> str:
    """`did you mean `a` or `b`?`, or nothing where nothing is near."""
    names = nearest(word, known)
    return f"did you mean {' or '.join(f'`{name}`' for name in names)}?" if names else ""
