"""Allowances: what they cover, and when they fail their unit."""

from __future__ import annotations

import datetime
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parity.diff import Tally, settle
from parity.diff.settle import failing, tally_document, tally_of
from parity.model import Allowance, Difference, Verdict, worst

TODAY = datetime.date(2026, 5, 1)
CHANGED = Difference("$.total", "changed", 1, 2)
TYPE = Difference("$.total", "type", 1, 1.0)
DEEP = Difference("$.lines[3].price", "changed", 1, 2)
UNKNOWN = Difference("$.total", "changed", None, None, verdict=Verdict.UNKNOWN)


def allowance(path: str = "$.total", kind: str = "changed", **more: Any) -> Allowance:
    return Allowance(path, kind, "rounding", "@billing", more.pop("expires", TODAY), **more)


def settled(
    judged: list[list[Difference]], *allowances: Allowance, complete: bool = True
) -> tuple[list[list[str]], list[tuple[int, str]]]:
    tally = tallied(judged, *allowances)
    done = settle(tally, TODAY, complete=complete)
    told: list[list[str]] = [[] for _ in judged]
    for verdict, one in sorted(done.found, key=lambda found: found[1].order):
        told[one.order[1]].append(verdict.value)
    assert sum(done.counts.values()) == len(judged)
    for verdict in Verdict:
        worst_of = [worst([Verdict(one) for one in ones] or [Verdict.MATCHED]) for ones in told]
        assert done.counts.get(verdict, 0) == worst_of.count(verdict)
    return told, [(state.used, state.state) for state in done.allowances]


def tallied(
    judged: list[list[Difference]], *allowances: Allowance, most: int | None = None
) -> Tally:
    tally = Tally(allowances, most)
    for index, found in enumerate(judged):
        tally.add(f"f{index}", (0, index), found)
    return tally


def test_an_allowed_difference_is_not_a_match() -> None:
    verdicts, states = settled([[CHANGED], []], allowance())
    assert verdicts == [["allowed"], []]
    assert states == [(1, "used")]


def test_without_allowance_it_differs() -> None:
    assert settled([[CHANGED]]) == ([["differs"]], [])


@pytest.mark.parametrize(
    ("given", "difference", "verdict"),
    [
        (allowance(kind="type"), CHANGED, "differs"),
        (allowance(kind="type"), TYPE, "allowed"),
        (allowance(path="$"), CHANGED, "differs"),
        (allowance(path="$.*"), CHANGED, "allowed"),
        (allowance(path="$.lines[*].price"), DEEP, "allowed"),
        (allowance(path="$..price"), DEEP, "allowed"),
        (allowance(path="$.lines[*]"), DEEP, "differs"),
    ],
)
def test_an_allowance_covers_its_kind_at_its_path(
    given: Allowance, difference: Difference, verdict: str
) -> None:
    assert settled([[difference]], given)[0] == [[verdict]]


def test_what_is_unknown_is_never_allowed() -> None:
    assert settled([[UNKNOWN]], allowance()) == ([["unknown"]], [(0, "unused")])


def test_only_what_is_covered_is_allowed() -> None:
    assert settled([[CHANGED, TYPE]], allowance())[0] == [["allowed", "differs"]]


def test_it_holds_on_its_last_day_and_not_after() -> None:
    day = datetime.timedelta(days=1)
    assert settled([[CHANGED]], allowance(expires=TODAY)) == ([["allowed"]], [(1, "used")])
    late = allowance(expires=TODAY - day)
    assert settled([[CHANGED]], late) == ([["differs"]], [(1, "expired")])
    assert settled([[]], late) == ([[]], [(0, "expired")])


def test_at_most_counts_fixtures() -> None:
    twice_in_one = [[CHANGED, DEEP], []]
    assert settled(twice_in_one, allowance("$..*", at_most=1)) == (
        [["allowed", "allowed"], []],
        [(1, "used")],
    )


def test_an_exceeded_allowance_allows_nothing() -> None:
    given = allowance(at_most=1)
    assert settled([[CHANGED], [CHANGED]], given) == (
        [["differs"], ["differs"]],
        [(2, "exceeded")],
    )


def test_one_that_is_not_exceeded_covers_where_another_is() -> None:
    narrow, wide = allowance(at_most=1), allowance("$.*")
    verdicts, states = settled([[CHANGED], [CHANGED]], narrow, wide)
    assert verdicts == [["allowed"], ["allowed"]]
    assert [state for _, state in states] == ["exceeded", "used"]


def test_an_unused_allowance_fails_only_where_all_fixtures_ran() -> None:
    assert settled([[]], allowance())[1] == [(0, "unused")]
    assert settled([[]], allowance(), complete=False)[1] == [(0, "used")]


def test_what_makes_a_unit_fail() -> None:
    given = [allowance(), allowance(kind="type"), allowance("$.*", at_most=1)]
    done = settle(tallied([[CHANGED], [CHANGED]], *given), TODAY, complete=True)
    assert [state.state for state in failing(done.allowances)] == ["unused", "exceeded"]


def test_the_worst_are_shown_first_and_all_are_counted() -> None:
    tally = tallied([[CHANGED]] * 3 + [[TYPE]] * 2, allowance(), most=3)
    done = settle(tally, TODAY, complete=True)
    shown = [(verdict.value, one.fixture) for verdict, one in done.found]
    assert shown == [("differs", "f3"), ("differs", "f4"), ("allowed", "f0")]
    assert done.more == 2
    assert done.counts == {Verdict.ALLOWED: 3, Verdict.DIFFERS: 2}


def test_parts_that_are_merged_are_the_whole_also_by_way_of_text() -> None:
    judged = [[CHANGED], [], [TYPE, DEEP], [UNKNOWN], [CHANGED, TYPE], []]
    given = [allowance(), allowance("$..price", at_most=1)]
    whole = settle(tallied(judged, *given, most=4), TODAY, complete=True)
    for cut in range(len(judged) + 1):
        merged = tallied([], *given, most=4)
        for part, found in enumerate((judged[:cut], judged[cut:])):
            tally = Tally(given, 4)
            for index, one in enumerate(found):
                tally.add(f"f{part * cut + index}", (0, part * cut + index), one)
            document = json.loads(json.dumps(tally_document(tally)))
            merged.merge(tally_of(document, given, 4))
        assert settle(merged, TODAY, complete=True) == whole


def test_the_worst_verdict_is_that_of_the_whole() -> None:
    order = [Verdict.MATCHED, Verdict.ALLOWED, Verdict.UNKNOWN, Verdict.DIFFERS]
    for index, verdict in enumerate(order):
        assert worst(order[: index + 1]) is verdict
        assert worst(order[index::-1]) is verdict
    assert worst([]) is Verdict.UNKNOWN
    assert [verdict.exit_status for verdict in order] == [0, 0, 2, 1]


def row(number: int, name: str) -> Difference:
    return Difference(f"$.rows[{number}].{name}", "changed", 1, 2)


def kept_of(tally: Tally) -> list[tuple[str, str]]:
    return [(one.fixture, one.difference.path) for some in tally.kept.values() for one in some]


def test_elements_of_a_list_leave_room_for_other_places() -> None:
    rows = [row(number, "key") for number in range(50)]
    judged = [[*rows, CHANGED], [row(7, "net"), TYPE]]
    assert kept_of(tallied(judged, most=6)) == [
        ("f0", "$.rows[0].key"),
        ("f0", "$.rows[1].key"),
        ("f0", "$.rows[2].key"),
        ("f0", "$.total"),
        ("f1", "$.rows[7].net"),
        ("f1", "$.total"),
    ]
    assert tallied(judged, most=6).differences.total() == 53


FOUND = st.lists(
    st.lists(st.builds(row, st.integers(0, 3), st.sampled_from("abcde")), max_size=12), max_size=12
)


@given(FOUND, st.integers(1, 8), st.integers(0, 12), st.integers(0, 12))
def test_shards_keep_what_one_run_keeps(
    judged: list[list[Difference]], most: int, one: int, other: int
) -> None:
    """However the fixtures were parted: the first of each place, the second of each, and so on."""
    bounds = [0, *sorted((one, other)), len(judged)]
    parts = []
    for first, last in itertools.pairwise(bounds):
        part = Tally((), most)
        for index in range(first, last):
            if index < len(judged):
                part.add(f"f{index}", (0, index), judged[index])
        parts.append(part)
    merged = parts[0].merge(parts[1]).merge(parts[2])
    if bounds[2] <= len(judged):
        assert kept_of(merged) == kept_of(tallied(judged, most=most))
    ranks: dict[str, int] = {}
    ranked = []
    for index, found in enumerate(judged):
        for difference in found:
            place = difference.path[-1]
            ranked.append((ranks.get(place, 0), len(ranked), (f"f{index}", difference.path)))
            ranks[place] = ranks.get(place, 0) + 1
    wanted = sorted(sorted(ranked)[:most], key=lambda entry: entry[1])
    assert kept_of(tallied(judged, most=most)) == [entry for _, _, entry in wanted]
