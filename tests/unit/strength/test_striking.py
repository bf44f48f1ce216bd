"""Mutants are run until an input catches each."""

from __future__ import annotations

import json
from collections.abc import Sequence

from parity.model import Crashed, Killer, Mutant, TimedOut
from parity.sides.worker import Struck
from parity.strength import Found, Striking


def mutants(*equivalent: str | None) -> Found:
    """Mutants that all inputs reach; those with a rule are equivalent by it."""
    made = [
        Mutant(index, "shop.Half", "half(I)I", "Half.java", 3, "MATH", "changed", 4, rule)
        for index, rule in enumerate(equivalent)
    ]
    return Found(tuple(made), (), frozenset(), {})


def answer(other: list[list[object]], last: int) -> bytes:
    """What the worker tells of a mutant."""
    return b"12.3\t" + json.dumps({"other": other, "last": last}).encode()


def test_what_is_never_other_has_survived_and_what_is_other_is_judged() -> None:
    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        assert [json.loads(line)["mutant"] for line in lines] == [0, 1]
        return [answer([], 3), answer([[2, {"returned": 7}]], 2)]

    seen: list[tuple[int, str]] = []

    def catches(index: int, text: str) -> bool:
        seen.append((index, text))
        return True

    fates = Striking(strike, catches).fates(mutants(None, None, "same-code"))
    assert [fate.state for fate in fates] == ["survived", "caught", "equivalent"]
    assert [(one.input, one.how) for one in fates[1].by] == [(2, "other")]
    assert seen == [(2, '{"returned":7}')]


def test_what_is_known_to_be_caught_is_not_run_again() -> None:
    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        assert [json.loads(line)["mutant"] for line in lines] == [1]
        return [answer([], 3)]

    known = {0: [Killer(2, "other")]}
    fates = Striking(strike, lambda index, text: True, known=known).fates(mutants(None, None))
    assert [fate.state for fate in fates] == ["caught", "survived"]
    assert fates[0].by == (Killer(2, "other"),)


def test_an_other_text_that_counts_as_the_same_does_not_end_the_search() -> None:
    asked: list[dict[str, int]] = []

    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        (line,) = (json.loads(line) for line in lines)
        asked.append(line)
        if line["from"] == 0:
            return [answer([[0, {"returned": 1}]], 0)]
        return [answer([[1, {"returned": 1}], [3, {"returned": 2}]], 3)]

    fates = Striking(strike, lambda index, text: index == 3).fates(mutants(None))
    assert [one["from"] for one in asked] == [0, 1]
    assert asked[0]["most"] == 1 < asked[1]["most"]
    assert [(one.input, one.how) for one in fates[0].by] == [(3, "other")]


def test_what_takes_too_many_turns_or_ends_the_jvm_is_caught_there() -> None:
    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        return [
            answer([[1, None]], 1),
            Struck(Crashed("it was ended by SIGSEGV"), 2),
            Struck(TimedOut(5.0), 3),
            b'1.0\t{"broken":"java.lang.VerifyError"}',
        ]

    def never(index: int, text: str) -> bool:
        raise AssertionError("nothing is to be judged")

    fates = Striking(strike, never).fates(mutants(None, None, None, None))
    assert [fate.state for fate in fates] == ["caught", "caught", "caught", "broken"]
    told = [(fate.by[0].input, fate.by[0].how) for fate in fates[:3]]
    assert told == [(1, "turns"), (2, "crashed"), (3, "timeout")]


def test_the_whole_is_asked_for_at_once_where_every_input_counts() -> None:
    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        assert number == 1
        assert json.loads(lines[0])["most"] > 1_000_000
        return [answer([[0, {"returned": 1}], [1, {"returned": 2}], [2, {"returned": 1}]], 3)]

    fates = Striking(strike, lambda index, text: index != 1, whole=True).fates(mutants(None))
    assert [one.input for one in fates[0].by] == [0, 2]


def test_what_no_input_reaches_is_not_run() -> None:
    found = mutants(None)
    unreached = Mutant(0, "shop.Half", "half(I)I", "Half.java", 3, "MATH", "changed", 0)

    def strike(lines: Sequence[str], number: int) -> list[bytes | Struck]:
        raise AssertionError("there is nothing to run")

    fates = Striking(strike, lambda index, text: True).fates(
        Found((unreached,), found.branches, found.unstable, {})
    )
    assert [fate.state for fate in fates] == ["survived"]
