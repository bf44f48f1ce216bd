"""Chunks, digests, plans, progress, retries, summaries and lists."""

from __future__ import annotations

from typing import Any

import pytest

from sable import chunks, digests, listing, planning, progress, retries, summary
from sable.errors import InvalidField, SableError, TargetFull, error_from_json


def test_rows_of_a_chunk() -> None:
    assert chunks.rows_per_chunk(0, 10, 100) == chunks.MOST_ROWS
    assert chunks.rows_per_chunk(10, 0, 100) == chunks.MOST_ROWS
    assert chunks.rows_per_chunk(1000, 10, 350) == 3
    assert chunks.rows_per_chunk(1001, 10, 350) == 3
    assert chunks.rows_per_chunk(10**12, 10, 100) == 1
    assert chunks.rows_per_chunk(10, 10, 1 << 33) == chunks.MOST_ROWS


def test_chunks_of_a_copy() -> None:
    assert [chunks.chunk_count(rows, 10) for rows in (0, 1, 10, 11)] == [1, 1, 1, 2]


def test_the_next_chunk_follows_the_time_that_the_last_one_took() -> None:
    assert chunks.next_rows(100, 0) == 200
    assert chunks.next_rows(100, -5) == 200
    assert chunks.next_rows(100, 200) == 100
    assert chunks.next_rows(100, 10_000) == 50
    assert chunks.next_rows(100, 1) == 200
    assert chunks.next_rows(1, 10_000) == 1
    assert chunks.next_rows(5, 160) == 6  # 6.25
    assert chunks.next_rows(2, 160) == 2  # 2.5, half to even
    assert chunks.next_rows(chunks.MOST_ROWS, 1) == chunks.MOST_ROWS


def test_the_end_of_a_chunk() -> None:
    nothing = {"last_key": None, "rows": 0, "bytes": 0, "done": True}
    assert chunks.chunk_bounds([], 5) == nothing
    rows = [["a", "é", 1], ["b", None, 2]]
    assert chunks.chunk_bounds(rows, 2) == {
        "last_key": "b", "rows": 2, "bytes": 8, "done": False,
    }  # fmt: skip
    assert chunks.chunk_bounds(rows, 3)["done"]


def test_a_digest_knows_order_absence_and_sequence() -> None:
    rows: list[list[Any]] = [["a", "1", 1], ["\uffee", "2", 2], ["𝒜", None, 3]]
    facts = digests.digest_records(rows)
    assert facts == digests.digest_records(reversed(rows))
    assert facts["count"] == 3
    for other in (["𝒜", "", 3], ["𝒜", None, 4], ["𝒝", None, 3]):
        assert digests.digest_records([*rows[:2], other])["digest"] != facts["digest"]


def test_copies_are_compared_by_what_tells_most() -> None:
    one = {"digest": "a" * 64, "count": 2, "bytes": 5, "last_seq": 7}
    assert digests.compare_copies(one, dict(one)) == []
    assert digests.compare_copies(one, {**one, "count": 3}) == ["count: 2 at the source, 3"]
    assert digests.compare_copies(one, {"digest": "", "count": 2, "bytes": 5}) == [
        "last_seq: 7 at the source, -"
    ]
    assert digests.compare_copies(one, {**one, "digest": "b" * 64}) == [
        f"digest: {'a' * 12} at the source, {'b' * 12}"
    ]


HOSTS = {name: {"capacity": 100, "limit": 2} for name in ("h1", "h2", "H3")}


def test_free_space_may_be_below_zero() -> None:
    endpoints = {"a": {"host": "h1", "bytes": 130}, "b": {"host": "h2", "bytes": 1}}
    assert planning.free_space(endpoints, HOSTS) == {"h1": -30, "h2": 99, "H3": 100}


def test_a_target_is_the_emptiest_and_then_the_first_by_name() -> None:
    assert planning.choose_target(5, "h1", {"h1": 99, "h2": 50, "H3": 50}) == "h2"
    assert planning.choose_target(5, "h1", {"h1": 99, "h2": 50, "H10": 50}) == "H10"
    assert planning.choose_target(51, "h1", {"h1": 99, "h2": 50}) is None


def move(endpoint: str, target: str | None, source: str = "h1", **facts: Any) -> dict[str, Any]:
    return {"endpoint": endpoint, "source": source, "target": target, **facts}


def test_a_plan_takes_named_targets_first_and_large_endpoints_before_small() -> None:
    sizes = {"a": 10, "b": 30, "c": 30, "D": 50}
    endpoints = {name: {"host": "h1", "bytes": size} for name, size in sizes.items()}
    planned = planning.plan_moves(
        [move("a", "h2"), move("c", None), move("b", None), move("D", None)], endpoints, HOSTS
    )
    order = [(one["endpoint"], one["target"], one["bytes"]) for one in planned]
    assert order == [("a", "h2", 10), ("D", "H3", 50), ("b", "h2", 30), ("c", "h2", 30)]


@pytest.mark.parametrize("target", ["h2", None])
def test_a_plan_without_room_is_refused(target: str | None) -> None:
    endpoints = {"a": {"host": "h1", "bytes": 101}}
    with pytest.raises(TargetFull):
        planning.plan_moves([move("a", target)], endpoints, HOSTS)


def test_no_host_takes_part_in_more_moves_than_its_limit() -> None:
    waiting = [move("a", "h2"), move("b", "h2"), move("c", "h2"), move("d", "h4", "h3")]
    limits = {"h1": 2, "h2": 9}
    assert [one["endpoint"] for one in planning.next_moves(waiting, [], limits)] == ["a", "b", "d"]
    running = [move("x", "h2"), move("y", "h2")]
    assert [one["endpoint"] for one in planning.next_moves(waiting, running, limits)] == ["d"]


def test_crowded_hosts_come_first() -> None:
    rows = planning.crowded_hosts([move("a", "h2"), move("b", "h2"), move("c", "H3")], {"h1": 2})
    assert [(row["host"], row["rounds"]) for row in rows] == [("h1", 2), ("h2", 2), ("H3", 1)]


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [(0, 0, 100.0), (-1, 0, 0.0), (1, 3, 33.3), (1, 8, 12.5), (1, 800, 0.1), (1, 2000, 0.1),
     (9999, 10000, 99.9), (5, 5, 100.0), (2**40, 2**41, 50.0)],
)  # fmt: skip
def test_percent(part: int, whole: int, percent: float) -> None:
    assert progress.percent(part, whole) == percent


def test_how_far_a_move_is() -> None:
    assert progress.move_percent({"state": "moved"}) == 100.0
    assert progress.move_percent({"state": "waiting"}) == 0.0
    copying = {"state": "running", "step": "lock", "rows": 3, "copied": 2}
    assert progress.move_percent(copying) == 42.0
    assert progress.move_percent({**copying, "copied": 99}) == 62.0
    assert progress.move_percent({**copying, "rows": 0}) == 2.0
    assert progress.move_percent({"state": "running", "step": "verify"}) == 87.0


def test_rates_and_what_remains() -> None:
    assert progress.rate_text(5, 0) == "- records/s"
    assert progress.rate_text(1_234_567, 1000) == "1,234,567 records/s"
    assert progress.rate_text(1, 3000, "moves") == "0.3 moves/s"
    assert progress.remaining_ms(0.9, 100) is None
    assert progress.remaining_ms(50, -1) is None
    assert progress.remaining_ms(30, 1000) == 2334


def test_how_far_a_batch_is() -> None:
    moves = {"a": {"state": "moved", "copied": 5}, "b": {"state": "waiting"}}
    workflow = {"moves": moves, "created_at": 1000, "finished_at": None}
    assert progress.batch_progress(workflow, 3000) == {
        "percent": 50.0,
        "states": {"moved": 1, "waiting": 1},
        "elapsed_ms": 2000,
        "remaining_ms": 2000,
        "copied": 5,
    }
    ended = {"moves": {}, "created_at": 5000, "finished_at": 4000}
    assert progress.batch_progress(ended, 9000)["percent"] == 100.0
    assert progress.batch_progress(ended, 9000)["elapsed_ms"] == 0
    assert progress.batch_progress(ended, 9000)["remaining_ms"] == 0


def test_percentiles_are_samples() -> None:
    assert progress.percentile([], 99) == 0.0
    assert [progress.percentile([4, 1, 3, 2], share) for share in (0, 25, 50, 51, 100)] == [
        1, 1, 2, 3, 4,
    ]  # fmt: skip
    with pytest.raises(ValueError, match="101"):
        progress.percentile([1], 101)


def test_waits_double_up_to_a_ceiling() -> None:
    assert [retries.wait_ms(attempt) for attempt in (0, 1, 2, 6, 7, 99)] == [
        0, 25, 50, 800, 1000, 1000,
    ]  # fmt: skip
    assert 500 < retries.wait_ms(9, salt="a") <= 1000
    assert retries.wait_ms(9, salt="a") != retries.wait_ms(9, salt="b")


@pytest.mark.parametrize(
    ("step", "error", "attempt", "switched", "decision"),
    [
        ("copy", "Fenced", 1, False, "stop"),
        ("switch", "Fenced", 1, True, "stop"),
        ("switch", "Unavailable", 999, True, "retry"),
        ("release", "TargetFull", 1, False, "retry"),
        ("switch", "Cancelled", 1, False, "roll_back"),
        ("catch_up", "CopyDiffers", 1, False, "retry"),
        ("catch_up", "CopyDiffers", 2, False, "roll_back"),
        ("verify", "CopyDiffers", 1, False, "roll_back"),
        ("lock", "EndpointLocked", 1, False, "roll_back"),
        ("copy", "Unavailable", 13, False, "retry"),
        ("copy", "Unavailable", 14, False, "roll_back"),
    ],
)
def test_what_follows_a_failed_step(
    step: str, error: str, attempt: int, switched: bool, decision: str
) -> None:
    assert retries.decide(step, error, attempt, switched) == decision


def test_what_a_writer_does_after_an_error() -> None:
    assert retries.writer_decision("Frozen", 1) == ("retry", 2)
    assert retries.writer_decision("NotHere", 9) == ("look_up", 32)
    assert retries.writer_decision("Unavailable", 9) == ("look_up", 250)
    assert retries.writer_decision("InvalidField", 1) == ("give_up", 0)
    assert retries.writer_decision("Frozen", 200) == ("give_up", 0)


def ended(endpoint: str, pause: int | None, **facts: Any) -> dict[str, Any]:
    one = {"state": "moved", "bytes": 2048, "rows": 10, "pause_ms": pause, **facts}
    return move(endpoint, "h2", **one)


def test_a_summary_counts_and_orders() -> None:
    moves = [ended("b", 20), ended("a", 20), ended("c", 70)]
    moves.append(ended("d", None, state="rolled_back", error="TargetFull", bytes=None))
    moves.append(ended("e", None, state="rolled_back", error=None))
    workflow = {"moves": {one["endpoint"]: one for one in moves}, "created_at": 1000}
    facts = summary.summarise(workflow, 4000)
    assert facts == {
        "outcome": "partly",
        "moved": 3,
        "rolled_back": 2,
        "moved_percent": 60.0,
        "bytes": 6144,
        "rows": 30,
        "rate": "10.0 records/s",
        "elapsed_ms": 3000,
        "pause_p50_ms": 20,
        "pause_p99_ms": 70,
        "slowest": ["c", "a", "b"],
        "hosts": [
            {"host": "h1", "gave": 3, "took": 0, "bytes": 6144},
            {"host": "h2", "gave": 0, "took": 3, "bytes": 6144},
        ],
        "errors": {"TargetFull": ["d"], "unknown": ["e"]},
    }
    text = summary.summary_text(
        {**workflow, "label": "move", "summary": facts, "finished_at": 4000}, 60
    )
    assert text.splitlines() == [
        "move: partly",
        "  finished  1970-01-01T01:00:04.000+01:00",
        "  moved     3 of 5 (60.0 %), 6 KiB",
        "  took      3.00 s, 10.0 records/s",
        "  frozen    p50 20 ms, p99 70 ms",
        "  TargetFull: d",
        "  unknown: e",
    ]


def test_many_of_one_error_are_cut_short() -> None:
    moves = {n: ended(n, None, state="rolled_back", error="X") for n in ("a", "b", "c", "d", "e")}
    workflow = {"moves": moves, "created_at": 0, "label": "l", "finished_at": 1}
    text = summary.summary_text({**workflow, "summary": summary.summarise(workflow, 1)})
    assert text.endswith("  X: a, b, c and 2 more")


def test_the_outcome_of_a_batch() -> None:
    assert summary.outcome([], False) == "moved"
    assert summary.outcome(["moved", "moved"], True) == "moved"
    assert summary.outcome(["rolled_back"], False) == "failed"
    assert summary.outcome(["rolled_back"], True) == "cancelled"
    assert summary.outcome(["moved", "rolled_back"], False) == "partly"


ENDPOINTS = {
    "b": {"host": "h2", "bytes": 5, "locked_by": None},
    "Ab": {"host": "h1", "bytes": 2**31, "locked_by": "batch-1"},
    "a": {"host": "H1", "bytes": 5, "locked_by": None},
}


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ({}, ["a", "Ab", "b"]),
        ({"order": "size"}, ["Ab", "a", "b"]),
        ({"order": "host"}, ["a", "Ab", "b"]),
        ({"host": "h2"}, ["b"]),
        ({"match": "^A"}, ["a", "Ab"]),
        ({"locked": "yes"}, ["Ab"]),
        ({"locked": "no", "limit": "1"}, ["a"]),
    ],
)
def test_a_list_of_endpoints(query: dict[str, Any], names: list[str]) -> None:
    assert [row["name"] for row in listing.list_endpoints(ENDPOINTS, query)] == names


@pytest.mark.parametrize(
    "query",
    [{"order": "x"}, {"match": "("}, {"match": 5}, {"limit": "x"}, {"limit": 0}, {"limit": 1e999}],
)
def test_a_wrong_query_is_refused(query: dict[str, Any]) -> None:
    with pytest.raises(InvalidField):
        listing.list_endpoints(ENDPOINTS, query)


def test_a_list_of_hosts_says_how_full_they_are() -> None:
    hosts = {
        "b": {"address": "x", "capacity": 0, "limit": 1},
        "A": {"address": "y", "capacity": 2048, "limit": 2},
    }
    endpoints = {"e": {"host": "b", "bytes": 1024}, "f": {"host": "A", "bytes": 512}}
    rows = listing.list_hosts(hosts, endpoints)
    assert [(row["name"], row["size"], row["free"], row["used_percent"]) for row in rows] == [
        ("A", "2 KiB", "1.5 KiB", 25.0),
        ("b", "0 B", "-1 KiB", 100.0),
    ]


def test_an_error_crosses_the_wire_by_its_name() -> None:
    error = error_from_json(TargetFull("no room", endpoint="a").as_json(), 409)
    assert (type(error), error.text, error.details) == (TargetFull, "no room", {"endpoint": "a"})
    other = error_from_json({"error": "Whatever"}, 418)
    assert (type(other), other.text, other.status) == (SableError, "status 418", 418)


def test_a_list_of_workflows_is_the_youngest_first() -> None:
    def workflow(name: str, at: int, **facts: Any) -> dict[str, Any]:
        one = {"id": name, "label": "l", "created_at": at, "finished_at": None, "moves": {}}
        return {**one, "state": "running", "summary": None, **facts}

    known = {
        one["id"]: one
        for one in (
            workflow("z", 1000),
            workflow("b", 2000, state="ended", summary={"outcome": "moved"}),
            workflow("a", 2000),
        )
    }
    rows = listing.list_workflows(known, {}, 3000)
    assert [row["workflow"] for row in rows] == ["a", "b", "z"]
    assert [row["outcome"] for row in rows] == [None, "moved", None]
    late = listing.list_workflows(known, {"since": "1970-01-01T01:00:02+01:00"}, 3000)
    assert [row["workflow"] for row in late] == ["a", "b"]
    assert len(listing.list_workflows(known, {"state": "ended", "limit": 5}, 3000)) == 1
    known["b"]["moves"] = {"e": {"source": "s", "target": "t", "state": "moved"}}
    for move, found in (("e -> ?", 1), ("e@s -> t", 1), ("e -> s", 0), ("f -> t", 0)):
        assert len(listing.list_workflows(known, {"move": move}, 3000)) == found
    assert listing.workflows_text([], None, 3000) == "0 workflows"
    assert listing.workflows_text(rows, None, 3000).splitlines()[0] == "3 workflows: partly"
    assert listing.workflows_text(rows[1:2], "1970-01-01T00:00Z", 3000, 60).splitlines() == [
        "1 workflow since 1970-01-01T01:00:00.000+01:00, 3.00 s ago: moved",
        "  b  1970-01-01T01:00:02.000+01:00  moved, 100.0 %  l",
    ]
