"""What is known of a unit's strength stays for the next run."""

from __future__ import annotations

import dataclasses
from pathlib import Path

from parity.model import Bound, Branch, Fate, Killer, Mutant, Unit, UnitStrength
from parity.strength import keep, kept

MUTANT = Mutant(0, "shop.Half", "half(I)I", "Half.java", 3, "MATH", "changed", 4, None)
UNIT = Unit("shop:half", "parity.map.toml")
STRENGTH = UnitStrength(
    unit=UNIT,
    fixtures=4,
    inputs=6,
    differing=1,
    unjudged=1,
    fates=(
        Fate(MUTANT, "caught", (Killer(1, "turns"),)),
        Fate(dataclasses.replace(MUTANT, index=1), "survived", (), [1, {"$set": [2]}], 5),
        Fate(dataclasses.replace(MUTANT, index=2, equivalent="same-code"), "equivalent"),
    ),
    dropped={"for-each": 2},
    java_branches=(Branch("shop.Half", 3, "jump", frozenset({0, 2})),),
    python_branches=(Branch("shop.py", 2, "past"),),
    bound=Bound(4, 1, 0.7, 0.95),
    needed=("a", "b"),
    seconds=1.5,
)


def test_what_was_kept_is_read_again_as_it_was(tmp_path: Path) -> None:
    keep(tmp_path / "deep" / "half.json", "key", STRENGTH)
    known = kept(tmp_path / "deep" / "half.json", "key", UNIT)
    assert known == dataclasses.replace(STRENGTH, cached=True)


def test_another_key_or_a_broken_file_is_not_taken(tmp_path: Path) -> None:
    file = tmp_path / "half.json"
    keep(file, "key", STRENGTH)
    assert kept(file, "other", UNIT) is None
    file.write_text(file.read_text()[:-40])
    assert kept(file, "key", UNIT) is None
    assert kept(tmp_path / "none.json", "key", UNIT) is None
