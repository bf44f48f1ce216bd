"""What is left out or stands otherwise in Java: which slips are tried, and what they prove."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from parity.diff import Judge
from parity.diff.causes import Case, JavaText, explain, slips
from parity.diff.causes.nouns import Looked, Meaning, Plan, Site
from parity.diff.causes.proving import Bench, Hypothesis, conclude, shown
from parity.diff.causes.slips import constant_plans, constants_of, said
from parity.diff.causes.table import seen
from parity.diff.judge import Arguments
from parity.model import Cause, Effect, Form, Observation, Raised, Returned, Terms

STEP = "left-out-step/receiver"


def case(name: str, python: Form, java: Form) -> Case:
    values = Observation(Returned(python)), Observation(Returned(java))
    return Case(name, "{}", *values, Arguments([], ()))


def constant(number: int, text: str) -> Site:
    return Site(number, "m.py", number, 0, "constant", text)


def looked(*given: tuple[int, str], found: Sequence[tuple[int, str]] = ()) -> Looked:
    pairs = tuple(((site, "other-constant/"), text, text) for site, text in given)
    return Looked(frozenset(site for site, _ in given), frozenset(found), pairs)


def slip_plans(
    seen: Sequence[Looked], likely: Sequence[Meaning], sites: Sequence[Site], java: JavaText | None
) -> list[Plan]:
    return slips.slip_plans(seen, likely, constant_plans(seen, sites, java)[0])


def further_plans(
    seen: Sequence[Looked], likely: Sequence[Meaning], sites: Sequence[Site], java: JavaText | None
) -> list[Plan]:
    return slips.further_plans(seen, likely, constant_plans(seen, sites, java)[1])


def test_constants_of_java_are_numbers_and_texts_outside_of_comments() -> None:
    java = 'x1 = 1_000L + 0.5 + 2e3f; // 7\n/* 8 */ s = "a\\"9";'
    assert constants_of(java) == [1000, 0.5, 2000.0, 'a"9']


def test_what_only_python_has_is_tried_as_what_only_java_has_then_as_what_it_has_too() -> None:
    sites = [constant(0, "31.5"), constant(1, "2"), constant(2, '"EUR"'), constant(3, "9")]
    seen_there = [looked((0, "31.5"), (1, "2"), (2, '"EUR"'))]
    java = JavaText("M.java", 1, 'kg > 31 ? 2 : 9; String s = "USD";')
    assert slip_plans(seen_there, [], sites, java) == [
        ((0, "other-constant/31.0"),),
        ((2, 'other-constant/"USD"'),),
    ]
    assert further_plans(seen_there, [], sites, java) == [
        ((0, "other-constant/9.0"),),
        ((0, "other-constant/2.0"),),
    ]


def test_what_java_has_less_often_is_tried_at_each_of_its_places() -> None:
    sites = [constant(0, "1024"), constant(1, "1024.0")]
    java = JavaText("M.java", 1, "n < 1024 ? n : n / 1000.0")
    given = [looked((0, "1024"), (1, "1024.0"))]
    assert slip_plans(given, [], sites, java) == []
    assert further_plans(given, [], sites, java) == [
        ((0, "other-constant/1000"),),
        ((1, "other-constant/1000.0"),),
    ]
    twice = JavaText("M.java", 1, "n < 1024 ? n : n / 1024.0 + 1000")
    assert further_plans(given, [], sites, twice) == []


def test_a_text_that_stands_in_its_file_as_well_counts_once() -> None:
    assert JavaText("M.java", 1, "a + 1", (("M.java", "a + 1;"),)).whole == "a + 1;"
    assert JavaText("map", 1, "M.a()", (("M.java", "a + 1;"),)).whole == "M.a()\na + 1;"


def test_what_stands_in_a_table_is_tried_there() -> None:
    given = tuple(((4, "other-constant/listed"), text, text) for text in ("8", "10"))
    java = JavaText("M.java", 1, "EARLY(8), NIGHT(8)")
    (plan,) = further_plans([Looked(frozenset([4]), frozenset(), given)], [], [], java)
    assert plan == ((4, "other-constant/[10, 8]"),)
    assert said(plan[0][1], None) == ("10 stands there", "8 stands in its place")


def test_constants_that_are_alike_are_tried_before_others_and_some_before_all_other_slips() -> None:
    sites = looked((0, '"set a = :t add b"'), found=[(5, STEP)])
    texts = [f'"word{number}"' for number in range(9)]
    java = JavaText("M.java", 1, " ".join([*texts, '"set a = :t, b"']))
    plans = slip_plans([sites], [], [], java)
    assert plans[0] == ((0, 'other-constant/"set a = :t, b"'),)
    assert 0 < plans.index(((5, STEP),)) < len(plans) - 1


def test_a_constant_is_tried_wherever_it_stands() -> None:
    java = JavaText("M.java", 1, "x + 6")
    (plan,) = slip_plans([looked((4, "5"), (7, "5"))], [], [], java)
    assert plan == ((4, "other-constant/6"), (7, "other-constant/6"))


def test_what_would_give_javas_value_is_tried_first_and_changes_in_place_last() -> None:
    one, other, change = (3, STEP), (8, STEP), (1, "left-out-step/change")
    plans = slip_plans([looked(found=[change, one, other])], [other], [], None)
    assert plans == [(other,), (one,), (change,)]


@pytest.mark.parametrize(
    ("key", "java"),
    [
        ("other-constant/1000", "a * 1_000L"),
        ("other-constant/6000.0", "a / 6000"),
        ("other-constant/[10, 8]", "NIGHT(8)"),
        ("other-constant/31.5", "31.5f"),
        ('other-constant/"a.b"', 'x("a.b")'),
    ],
)
def test_the_line_of_another_constant_is_where_java_writes_it(key: str, java: str) -> None:
    pattern = seen(key)
    assert pattern is not None
    assert pattern.search(java)
    assert not pattern.search('a1000 + 10001 + 6000.5 + 31.55 + "axb"')


class Slipped:
    """A python side on which meanings explain nothing, and one slip gives what java gives; what
    that gives where the sides agree is `elsewhere`."""

    def __init__(self, cases: list[Case], agreeing: list[Case], elsewhere: Form) -> None:
        self.cases, self.agreeing, self.elsewhere = cases, agreeing, elsewhere

    def __call__(
        self,
        lines: Sequence[str],
        plans: Sequence[Plan] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        whole = [*self.cases, *self.agreeing]
        plain = [told(one.python) for one in whole]
        if plans is None:
            found = [[0, STEP]] if slips else []
            looks = [{"reached": [0], "found": found, "given": []} for _ in whole]
            sites = [[0, "m.py", 4, 0, "call", ""]] if slips else []
            looked = {"sites": sites, "looked": looks, "plain": plain}
            return {**looked, "seconds": [0.001 for _ in plain], "worked": 0.1}
        meant = [told(one.java) for one in self.cases]
        meant += [told(case("", self.elsewhere, None).python) for _ in self.agreeing]
        slipped = meant if slips else plain
        return {
            "observations": [[slipped[at] for at in chosen or ()] for _ in plans],
            "worked": 0.1,
        }


def told(observation: Observation) -> str:
    assert isinstance(observation.outcome, Returned)
    return json.dumps({"returned": observation.outcome.value})


def cause_of(cases: list[Case], agreeing: list[Case], elsewhere: Form) -> Cause | None:
    trials = Slipped(cases, agreeing, elsewhere)
    java = JavaText("M.java", 1, "return s;")
    causes = explain(Judge(Terms()), lambda args, paths: args, cases, agreeing, trials, java)
    return causes.get("one", {}).get("$")


ONE, TWO = case("one", "A", "a"), case("two", "B", "b")


def test_a_slip_that_explains_two_outcomes_is_proven_and_has_no_line_in_java() -> None:
    cause = cause_of([ONE, TWO], [], None)
    assert cause is not None
    assert (cause.id, cause.proven, cause.explains) == ("left-out-step", True, 2)
    assert (cause.python_line, cause.java_line) == ("m.py:4", None)


def test_a_slip_that_explains_one_outcome_alone_may_be_chance() -> None:
    cause = cause_of([ONE], [], None)
    assert cause is not None
    assert not cause.proven


def test_calls_that_java_was_ended_by_are_outcomes() -> None:
    cases = [ended("one", "POST", "a"), ended("two", "POST", "b")]
    slip = Hypothesis((STEP,), ((0, STEP),), explained={(0, "$effects[0]"), (1, "$effects[0]")})
    for known, proven in ((cases, True), ([cases[0], cases[0]], False)):
        found = Bench(Judge(Terms()), lambda args, paths: args, known, [])
        found.findings = {0: frozenset({"$effects[0]"}), 1: frozenset({"$effects[0]"})}
        assert conclude(found, [slip], None)[0, "$effects[0]"].proven == proven


def ended(name: str, call: str, argument: str) -> Case:
    effects = [Effect("http", call, [argument])]
    java = Observation(Raised("Ended", (), None, None, ()), effects=effects)
    return Case(name, "{}", Observation(Returned(1)), java, Arguments([], ()))


def test_an_agreeing_input_that_came_there_and_stayed_as_it_was_speaks_for_a_slip() -> None:
    cause = cause_of([ONE], [case("three", "1", "1")], "1")
    assert cause is not None
    assert cause.proven


def test_a_slip_that_changes_what_agrees_is_none() -> None:
    assert cause_of([ONE, TWO], [case("three", "C", "C")], "c") is None


def test_a_constant_of_another_method_says_less_than_one_of_its_own_or_of_a_field() -> None:
    whole = "static final int MOST = 7; int f() { return 8; } int g() { return 9; }"
    java = JavaText("M.java", 1, "int f() { return 8; }", (("M.java", whole),))
    levels = [shown(Hypothesis((f"other-constant/{one}",), ()), java) for one in (7, 8, 9, 5)]
    assert levels == [2, 2, 1, 0]


def test_a_meaning_of_which_java_has_nothing_does_not_go_before_a_slip() -> None:
    tried = [Hypothesis((key,), ((0, key),)) for key in ("string-identity/equals", STEP)]
    for one in tried:
        one.explained = {(0, "$"), (1, "$")}
    found = Bench(Judge(Terms()), lambda args, paths: args, [ONE, TWO], [])
    for text, cause in (("return s;", "left-out-step"), ("a == b", "string-identity")):
        told = conclude(found, tried, JavaText("M.java", 1, text))
        assert (told[0, "$"].id, told[0, "$"].proven) == (cause, True)


def test_variables_and_what_is_turned_round_are_tried_for_what_nothing_else_explains() -> None:
    variable, turned = (2, "other-variable/gross"), (5, "turned-round/sides")
    cases = [looked(found=[variable, turned, (3, STEP)]), looked(found=[variable])]
    assert slip_plans(cases, [variable], [], None) == [((3, STEP),)]
    assert further_plans(cases, [], [], None) == [(variable,), (turned,)]
    assert further_plans(cases, [turned], [], None) == [(turned,), (variable,)]


@pytest.mark.parametrize(
    ("kind", "what", "key", "words"),
    [
        ("variable", "net", "other-variable/gross", "`gross` stands in its place"),
        ("operand", "-", "turned-round/sides", "they stand in the other one"),
        ("call", "max", "turned-round/twin", "what does the same the other way round stands there"),
        ("branch", "", "turned-round/cases", "the next one is tested first"),
        ("leap", "continue", "turned-round/leap", "it ends the loop"),
        ("leap", "break", "turned-round/leap", "it goes on with the next"),
    ],
)
def test_what_stands_in_place_of_another_is_told_by_name(
    kind: str, what: str, key: str, words: str
) -> None:
    told = said(key, Site(1, "m.py", 3, 0, kind, what))
    assert told is not None
    assert what in told[0]
    assert told[1] == words


def test_of_two_variables_that_explain_the_same_none_is_proven() -> None:
    site = Site(1, "m.py", 3, 0, "variable", "net")
    found = {(0, "$"), (1, "$")}
    keys = "other-variable/gross", "other-variable/total"
    tried = [Hypothesis((key,), ((1, key),), (), (site,), set(found)) for key in keys]
    bench = Bench(Judge(Terms()), lambda args, paths: args, [ONE, TWO], [])
    assert all(one.proven for one in conclude(bench, tried[:1], None).values())
    alike = Bench(Judge(Terms()), lambda args, paths: args, [ONE, case("two", "B", "a")], [])
    assert not any(one.proven for one in conclude(alike, tried[:1], None).values())
    assert not any(one.proven for one in conclude(bench, tried, None).values())
