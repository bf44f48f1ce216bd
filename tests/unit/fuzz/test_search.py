"""A search, with a judge that only computes: no engine is needed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

from parity.fuzz.calls import Call, Signature
from parity.fuzz.domains import proposed
from parity.fuzz.groups import Seen, key_of
from parity.fuzz.search import BATCH, BULKY, Found, Limits, Search, Target
from parity.fuzz.shapes import NONE, Scalar, Shape, any_of
from parity.fuzz.sources import sources_of
from parity.model import Difference, Parameter

INT = Scalar("int", -(2**31), 2**31 - 1)


class Computed:
    """Says what a function says of a call; `reached` are the branches that it takes."""

    depth = 2

    def __init__(
        self,
        verdict: Callable[..., str],
        reached: Callable[..., set[int]],
        bulk: Callable[..., int] = lambda *_: 0,
    ) -> None:
        self.verdict = verdict
        self.reached = reached
        self.bulk = bulk
        self.calls: list[Call] = []
        self._left: deque[Sequence[Call]] = deque()

    def begin(self, calls: Sequence[Call]) -> None:
        self._left.append(calls)

    def finish(self) -> list[Seen]:
        calls = self._left.popleft()
        self.calls += calls
        told: list[Seen] = []
        for call in calls:
            hangs = any(one.verdict == "costly" for one in told)
            told.append(Seen("skipped") if hangs else self._seen(call["args"]))
        return told

    def _seen(self, args: list[Any]) -> Seen:
        verdict = self.verdict(*args)
        new = frozenset(self.reached(*args))
        if verdict in ("matched", "unknown", "costly", "outside"):
            return Seen(verdict, "int", new=new, sign=hash(new), bulk=self.bulk(*args))
        found = Difference("$", "changed", args[0], verdict)
        return Seen("differs", "int", (found,), new, hash(new))


def look(
    verdict: Callable[..., str],
    *,
    shapes: dict[str, Shape],
    recorded: Sequence[Call] = (),
    python: str = "",
    examples: int = 2000,
    seed: int = 0,
    reached: Callable[..., set[int]] = lambda *_: set(),
    bulk: Callable[..., int] = lambda *_: 0,
) -> tuple[Found, Computed]:
    judge = Computed(verdict, reached, bulk)
    signature = Signature([Parameter(name, "positional") for name in shapes], shapes, held=shapes)
    target = Target(signature, sources_of({"sources": [python]}, {}), recorded)
    limits = Limits(examples=examples, seed=seed)
    return Search(target, judge, limits, lambda slots, number: []).run(), judge


def test_a_constant_of_the_source_is_met_from_both_sides() -> None:
    found, _ = look(
        lambda a: "differs" if a == 7919 * 2 else "matched",
        shapes={"a": INT},
        python="a == 7919 * 2",
    )
    assert [group.call["args"] for group in found.groups] == [[15838]]


def test_what_is_near_the_recorded_is_tried_before_what_is_far() -> None:
    found, judge = look(
        lambda a: "differs" if a == 1000 else "matched",
        shapes={"a": INT},
        recorded=[{"args": [999]}],
    )
    (group,) = found.groups
    assert (group.tier, group.call["args"]) == ("near", [1000])
    assert [call["args"] for call in judge.calls].index([1000]) < 20


def test_each_value_is_changed_at_its_own_place() -> None:
    _, judge = look(
        lambda a, b: "matched",
        shapes={"a": Scalar("str"), "b": Scalar("bool")},
        recorded=[{"args": ["some words", True]}],
        examples=20,
    )
    (a, b), other = [call["args"] for call in judge.calls[1:3]]
    assert (a != "some words", b, other) == (True, True, ["some words", False])


def test_a_search_goes_on_where_all_that_is_near_is_known() -> None:
    found, _ = look(
        lambda a: "differs" if a is None else "matched",
        shapes={"a": any_of([Scalar("bool"), NONE])},
        recorded=[{"args": [True]}, {"args": [False]}],
    )
    assert [group.call["args"] for group in found.groups] == [[None]]


def test_branches_lead_to_what_one_change_does_not_reach() -> None:
    word = "k7"

    def prefix(text: str) -> int:
        return next((i for i, one in enumerate(word) if text[i : i + 1] != one), len(word))

    def guided(text: str) -> set[int]:
        return set(range(prefix(text) + 1))

    shapes: dict[str, Shape] = {"a": Scalar("str")}
    verdict = lambda a: "differs" if a.startswith(word) else "matched"  # noqa: E731
    found, _ = look(verdict, shapes=shapes, examples=8_000, reached=guided)
    blind, _ = look(verdict, shapes=shapes, examples=8_000)
    assert [group.call["args"] for group in found.groups] == [[word]]
    assert blind.groups == []


def test_each_kind_of_difference_is_one_finding_made_small() -> None:
    found, _ = look(
        lambda a, b: "matched" if a * b >= 0 else "wrong sign",
        shapes={"a": INT, "b": INT},
    )
    (group,) = found.groups
    assert sorted(map(abs, group.call["args"])) == [1, 1]
    assert group.found > 10


def test_what_python_hangs_on_is_no_finding_and_larger_inputs_are_not_tried() -> None:
    costly = [0]

    def verdict(a: int) -> str:
        if abs(a) > 5000:
            costly[0] += 1
            return "costly"
        return "matched"

    found, _ = look(verdict, shapes={"a": INT}, examples=1000)
    assert found.groups == []
    assert found.matched > 150
    assert costly[0] < 25


def test_inputs_whose_answers_are_bulky_are_not_made_larger() -> None:
    found, judge = look(
        lambda n: "matched",
        shapes={"n": INT},
        recorded=[{"args": [1]}],
        bulk=lambda n: 6 * max(0, n),
    )
    numbers = [call["args"][0] for call in judge.calls]
    first = next(at for at, n in enumerate(numbers) if 6 * n > BULKY)
    assert [n for n in numbers[first + 4 * BATCH :] if 6 * n > BULKY] == []
    assert found.matched == len(numbers)


def test_a_none_that_nobody_told_of_is_tried_and_is_far() -> None:
    signature = Signature(
        [Parameter("a", "positional")],
        {"a": any_of([Scalar("str"), NONE])},
        {"a": Scalar("str")},
    )
    judge = Computed(lambda a: "matched" if a is not None else "wrong", lambda _: set())
    target = Target(signature, sources_of({}, {}), [{"args": ["x"]}])
    found = Search(target, judge, Limits(examples=500), lambda slots, number: []).run()
    assert [(one.tier, one.call["args"]) for one in found.groups] == [("far", [None])]


def test_what_is_outside_is_counted_apart_and_never_a_finding() -> None:
    found, _ = look(lambda a: "outside" if a < 0 else "matched", shapes={"a": INT})
    assert found.outside > 0
    assert found.groups == []
    assert found.tried == found.outside + found.matched


def test_inputs_that_are_outside_are_made_up_for() -> None:
    narrow, judge = look(
        lambda a: "matched" if a % 3 == 0 else "outside", shapes={"a": INT}, examples=300
    )
    assert narrow.matched >= 250
    assert narrow.tried == len(judge.calls) <= 5 * 300
    closed, _ = look(lambda a: "outside", shapes={"a": INT}, examples=300)
    assert 4 * 300 < closed.tried <= 5 * 300


def test_the_same_seed_makes_the_same_inputs() -> None:
    def tried(seed: int) -> list[Call]:
        _, judge = look(lambda a: "matched", shapes={"a": Scalar("str")}, seed=seed, examples=900)
        return judge.calls

    assert tried(1) == tried(1)
    assert tried(1) != tried(2)


def test_no_input_is_tried_twice_nor_more_than_was_asked_for() -> None:
    _, judge = look(lambda a: "matched", shapes={"a": INT}, examples=500)
    texts = [str(call) for call in judge.calls]
    assert len(texts) == len(set(texts)) == 500


def test_findings_of_other_exceptions_are_of_another_kind() -> None:
    def raised(name: str) -> Difference:
        shown = {"raised": {"class": name, "message": "m"}}
        return Difference("$raised", "raised", shown, {"returned": 1})

    keys = {key_of([raised(name)]) for name in ("ValueError", "TypeError", "ValueError")}
    assert len(keys) == 2
    assert key_of([]) is None


def test_a_domain_is_proposed_that_keeps_what_was_recorded() -> None:
    signature = Signature([Parameter("n", "positional")], {"n": any_of([INT, NONE])})
    negative: list[Call] = [{"args": [-one]} for one in (1, 2, 3, 4)]
    matched: list[Call] = [{"args": [one]} for one in range(20)]
    recorded: list[Call] = [{"args": [0]}]
    assert proposed(signature, [(negative, True)], recorded, matched) == "n >= 0"
    assert proposed(signature, [(negative, True)], [{"args": [-5]}], matched) is None
    assert proposed(signature, [(negative, False)], recorded, matched) is None
    nones: list[Call] = [{"args": [None]}] * 3
    both = proposed(signature, [(nones, False), (negative, True)], recorded, matched)
    assert both == "n is not None and n >= 0"


class Slow(Computed):
    """Takes so many seconds for a batch."""

    def __init__(self, seconds: float) -> None:
        super().__init__(lambda a: "matched", lambda _: set())
        self.seconds = seconds
        self.now = 0.0

    def finish(self) -> list[Seen]:
        self.now += self.seconds
        return super().finish()


def tried_in_a_second(batch: float, least: int) -> tuple[int, float]:
    """Inputs tried, and the seconds that it took."""
    judge = Slow(batch)
    signature = Signature([Parameter("a", "positional")], {"a": INT}, {"a": INT})
    limits = Limits(seconds=1.0, least=least)
    target = Target(signature, sources_of({}, {}))
    found = Search(target, judge, limits, lambda slots, number: [], lambda: judge.now).run()
    return found.tried, judge.now


def test_a_slow_machine_tries_the_least_and_no_more() -> None:
    without, _ = tried_in_a_second(0.4, least=0)
    least = without + 150
    tried, seconds = tried_in_a_second(0.4, least)
    assert least <= tried < least + 3 * BATCH
    assert 1.0 < seconds <= 5.0
    fast, _ = tried_in_a_second(0.1, least=10)
    assert fast == tried_in_a_second(0.1, least=0)[0]


def test_even_the_least_ends_some_time() -> None:
    tried, seconds = tried_in_a_second(2.5, least=100_000)
    assert tried < 100_000
    assert 4.0 <= seconds <= 4.0 + 2 * 2.5 + 2.5


def test_what_is_under_way_leaves_time_to_make_findings_small() -> None:
    judge = Slow(0.1)
    judge.depth = 6
    judge.verdict = lambda a: "differs" if isinstance(a, int) and a > 1000 else "matched"
    signature = Signature([Parameter("a", "positional")], {"a": INT}, {"a": INT})
    target = Target(signature, sources_of({}, {}))
    limits = Limits(seconds=1.0)
    found = Search(target, judge, limits, lambda slots, number: [], lambda: judge.now).run()
    assert found.groups
    assert len(judge.calls) > found.tried, "nothing was made small"
    assert judge.now < 1.5
