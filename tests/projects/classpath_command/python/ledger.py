"""A ledger that needs nothing from elsewhere."""

from __future__ import annotations


def balance(entries: list[int]) -> dict[str, int]:
    """What came in, what went out, and what is left."""
    credit = sum(entry for entry in entries if entry > 0)
    debit = -sum(entry for entry in entries if entry < 0)
    return {"credit": credit, "debit": debit, "left": credit - debit}


def masked(iban: str, keep: int = 4) -> str:
    """All but the last characters as stars; blanks are dropped."""
    text = "".join(iban.split())
    return "*" * (len(text) - keep) + text[-keep:] if len(text) > keep else text


def split_evenly(cents: int, people: int) -> list[int]:
    """Shares that differ by one cent at most, the larger first."""
    share, rest = divmod(cents, people)
    return [share + 1] * rest + [share] * (people - rest)
