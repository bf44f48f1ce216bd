"""Which recorded calls are kept."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from parity.record.boundaries import marks_of
from parity.record.choose import Call, Ways
from parity.record.choose import choose as choose_calls

STEPS = st.frozensets(st.tuples(st.just("m.py"), st.integers(1, 6), st.integers(1, 6)), max_size=6)
CANDIDATES = st.dictionaries(st.text("ab", min_size=1, max_size=6), STEPS, max_size=12)


def choose(known: list[Ways], candidates: dict[str, Ways], most: int) -> list[str]:
    """The choice where nothing is known of boundaries."""
    calls = {text: Call(ways) for text, ways in candidates.items()}
    return choose_calls([Call(ways) for ways in known], calls, most)


def ways(*steps: tuple[int, int]) -> Ways:
    return frozenset(("m.py", one, other) for one, other in steps)


@given(st.lists(STEPS, max_size=4), CANDIDATES, st.integers(1, 8))
def test_every_way_is_kept_and_never_more_than_needed(
    known: list[Ways], candidates: dict[str, Ways], most: int
) -> None:
    chosen = choose(known, candidates, most)
    gone: set[tuple[str, int, int]] = set().union(*known, *(candidates[text] for text in chosen))
    assert gone == set().union(*known, *candidates.values())
    assert len(set(chosen)) == len(chosen)
    new = set().union(*candidates.values()) - set().union(*known)
    assert len(chosen) <= max(most - len(known), len(new), 0)
    if len(known) + len(candidates) <= most:
        assert set(chosen) == set(candidates)


@given(st.lists(STEPS, max_size=4), CANDIDATES, st.integers(1, 8))
def test_the_order_in_which_calls_were_seen_does_not_count(
    known: list[Ways], candidates: dict[str, Ways], most: int
) -> None:
    backwards = dict(reversed(candidates.items()))
    assert choose(known, candidates, most) == choose(known, backwards, most)


def test_what_goes_a_new_way_is_kept_beyond_the_most() -> None:
    known = [ways((1, 2)), ways((1, 2))]
    candidates = {"a": ways((1, 2)), "b": ways((1, 3))}
    assert choose(known, candidates, most=2) == ["b"]
    assert choose([*known, ways((1, 3))], candidates, most=2) == []


def test_the_rest_is_filled_evenly_from_short_to_long() -> None:
    candidates = {"x" * length: ways((1, 2)) for length in range(1, 101)}
    chosen = choose([ways((1, 2))], candidates, most=11)
    assert [len(text) for text in chosen] == [1, 11, 21, 31, 41, 51, 61, 71, 81, 91]


def test_what_nobody_would_read_is_kept_for_a_new_way_only() -> None:
    long, longer = "x" * 5000, "y" * 6000
    candidates = {"a": ways((1, 2)), long: ways((1, 2)), longer: ways((1, 3))}
    assert choose([], candidates, most=9) == ["a", longer]
    assert choose([], {long: ways((1, 2)), longer: ways((1, 2))}, most=9) == [long, longer]


def test_inputs_at_boundaries_go_before_the_even_choice() -> None:
    marks = marks_of([{"args": [number]} for number in range(100, 1000)], [()] * 900, [()] * 900)
    calls = {
        str(number): Call(ways((1, 2)), found)
        for number, found in zip(range(100, 1000), marks, strict=True)
    }
    chosen = choose_calls([Call(ways((1, 2)))], calls, most=9)
    assert {"100", "999"} <= set(chosen)
    assert len(chosen) == 8


def test_boundaries_leave_room_for_an_even_choice() -> None:
    calls = {f"{n:03}": Call(ways((1, 2)), frozenset([(str(n),)])) for n in range(100)}
    chosen = choose_calls([Call(ways((1, 2)))], calls, most=9)
    assert chosen == ["000", "001", "002", "003", "004", "005", "006", "053"]


def test_a_boundary_that_is_known_is_not_chosen_again() -> None:
    at = frozenset([("$", "least")])
    candidates = {"a": Call(ways((1, 2)), at), "b": Call(ways((1, 2))), "c": Call(ways((1, 2)))}
    chosen = choose_calls([Call(ways((1, 2)), at)], candidates, most=3)
    assert len(chosen) == 2
    assert choose_calls([Call(ways((1, 2)))], candidates, most=2) == ["a"]
