"""Survivors that the team has explained, and explanations that do not hold."""

from __future__ import annotations

import dataclasses

from parity.model import Explanation, ExplanationState, Fate, Mutant, Trouble, Unit, UnitStrength
from parity.strength import explained

MUTANT = Mutant(0, "shop.Half", "half(I)I", "Half.java", 3, "MATH", "changed", 4, None)
SAID = Explanation("shop.Half", "changed", "both give the same", source="return n / 2;")


def unit(*fates: Fate, name: str = "shop:half", trouble: Trouble | None = None) -> UnitStrength:
    """A unit with mutants."""
    return UnitStrength(Unit(name, "parity.map.toml"), 1, fates=fates, trouble=trouble)


def told(
    said: Explanation, *units: UnitStrength, known: tuple[str, ...] = ("shop:half",)
) -> tuple[list[str | None], ExplanationState]:
    """The reasons that mutants were given, and how the explanation fared."""
    found, (state,) = explained(units, [said], lambda mutant: "  return n / 2;", known)
    return [fate.explained for one in found for fate in one.fates], state


def test_a_survivor_of_that_line_and_mutation_is_explained() -> None:
    reasons, state = told(SAID, unit(Fate(MUTANT, "survived")))
    assert reasons == ["both give the same"]
    assert (state.state, state.used) == ("used", 1)


def test_another_line_method_class_mutation_or_unit_is_not() -> None:
    survivor = unit(Fate(MUTANT, "survived"))
    for change in (
        {"source": "return n;"},
        {"source": None, "method": "third"},
        {"owner": "shop.Third"},
        {"mutation": "negated"},
        {"units": ("shop:third",)},
    ):
        reasons, state = told(dataclasses.replace(SAID, **change), survivor)
        assert reasons == [None]
        assert state.used == 0


def test_more_mutants_than_it_speaks_of_stay_unexplained() -> None:
    twice = [Fate(dataclasses.replace(MUTANT, index=index), "survived") for index in (0, 1)]
    assert told(SAID, unit(*twice))[0] == ["both give the same", None]
    both = dataclasses.replace(SAID, at_most=2)
    assert told(both, unit(*twice))[0] == ["both give the same"] * 2
    assert told(SAID, unit(twice[0]), unit(twice[1], name="b"))[0] == ["both give the same"] * 2


def test_an_input_that_catches_it_refutes_it() -> None:
    caught = Fate(MUTANT, "survived", killer=[1], killed_by=1, killers=(1,))
    reasons, state = told(SAID, unit(caught))
    assert reasons == [None]
    assert state.state == "refuted"


def test_what_explains_nothing_is_stale_only_where_all_units_were_looked_at() -> None:
    caught = unit(Fate(MUTANT, "caught"))
    assert told(SAID, caught)[1].state == "stale"
    assert told(SAID, caught, known=("shop:half", "b"))[1].state == "unjudged"
    narrow = dataclasses.replace(SAID, units=("shop:half",))
    assert told(narrow, caught, known=("shop:half", "b"))[1].state == "stale"
    trouble = Trouble("no fixtures", None, "none", "write one", "no_fixtures")
    assert told(SAID, unit(trouble=trouble))[1].state == "unjudged"
