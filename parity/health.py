"""What `parity doctor` tells of a place where parity is to run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["well", "note", "wrong"]


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at: `note` costs time or tells less, `wrong` keeps a run away."""

    name: str
    state: State
    found: str
    cure: str = ""

    def __post_init__(self) -> None:
        if self.state != "well" and not self.cure:
            raise ValueError("what is not well without a cure helps nobody")
