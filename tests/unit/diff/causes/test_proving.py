"""What is proven, and what is not."""

from __future__ import annotations

import dataclasses
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from parity.diff import Judge
from parity.diff.causes import TABLE, Case, JavaText, explain
from parity.diff.causes.nouns import EVERYWHERE, Plan, Site
from parity.diff.causes.page import causes_page
from parity.diff.causes.proving import Bench, Hypothesis, conclude, is_ended_alike
from parity.diff.causes.table import KNOWN, SEEN, cause_of, seen
from parity.diff.causes.trying import Trying
from parity.diff.judge import Arguments
from parity.model import (
    Cause,
    Effect,
    Form,
    Observation,
    Raised,
    Refused,
    Returned,
    Terms,
    TimedOut,
)

ROOT = Path(__file__).resolve().parents[4]
SITE = Site(0, "src/m.py", 3, 4, "binary", "//")
JAVA = JavaText("src/M.java", 7, "int f(int a) {\n  return a / 2;\n}")


def case(name: str, python: Form, java: Form) -> Case:
    values = Observation(Returned(python)), Observation(Returned(java))
    return Case(name, "{}", *values, Arguments([], ()))


def bench(cases: list[Case], agreeing: list[Case] | None = None) -> Bench:
    return Bench(Judge(Terms()), lambda args, paths: args, cases, agreeing or [])


def hypothesis(
    key: str, *explained: int, wrong: tuple[int, ...] = (), **more: object
) -> Hypothesis:
    plan: Plan = ((0, key),)
    made = Hypothesis((key,), plan, (key,), (SITE,))
    made.explained = {(index, "$") for index in explained}
    made.wrong = {(index, "$") for index in wrong}
    for name, value in more.items():
        setattr(made, name, value)
    return made


def told(found: Bench, *hypotheses: Hypothesis, java: JavaText | None = None) -> list[Cause | None]:
    causes = conclude(found, hypotheses, java)
    return [causes.get((index, "$")) for index in range(len(found.cases))]


TWO = [case("one", -4, -3), case("two", -2, -1)]
FLOOR, MODULO = "floor-division/truncated", "floor-modulo/truncated"


def test_what_explains_all_on_which_it_is_at_work_is_proven() -> None:
    one, two = told(bench(TWO), hypothesis(FLOOR, 0, 1), java=JAVA)
    assert one is not None
    assert one == two
    assert (one.id, one.proven, one.explains, one.of) == ("floor-division", True, 2, 2)
    assert (one.python_line, one.java_line) == ("src/m.py:3", "src/M.java:8")
    assert one.fix.startswith("Math.floorDiv")


def test_what_is_at_work_and_does_not_help_is_not_proven() -> None:
    one, two = told(bench(TWO), hypothesis(FLOOR, 0, wrong=(1,)))
    assert one is not None
    assert (one.proven, one.explains, one.of) == (False, 1, 2)
    assert two is None


def test_two_together_are_told_only_of_what_neither_explains_alone() -> None:
    cases = [case(name, -4, -3) for name in ("one", "two", "three")]
    pair = hypothesis(FLOOR, 0, 1, 2)
    pair.keys = pair.at_work = (FLOOR, MODULO)
    elsewhere = (dataclasses.replace(SITE, line=8),)
    alone = hypothesis(FLOOR, 0), hypothesis(MODULO, 1, sites=elsewhere)
    causes = told(bench(cases), pair, *alone)
    assert [(one.id, one.also) for one in causes if one is not None] == [
        ("floor-division", ()),
        ("floor-modulo", ()),
        ("floor-division", ("floor-modulo",)),
    ]


def test_two_together_stay_so_where_one_explains_nothing_by_itself_or_both_stand_in_one_line() -> (
    None
):
    pair = hypothesis(FLOOR, 0, 1)
    pair.keys = pair.at_work = (FLOOR, MODULO)
    for alone in ([hypothesis(FLOOR, 0)], [hypothesis(FLOOR, 0), hypothesis(MODULO, 1)]):
        causes = told(bench(TWO), pair, *alone)
        assert [one.also for one in causes if one is not None] == [("floor-modulo",)] * 2


def test_what_changes_a_place_that_stays_different_does_not_help_there() -> None:
    found = bench([case("one", [1, 2, 3], [7, 8, 9])])
    tried = hypothesis(FLOOR)
    found.weigh(tried, 0, Observation(Returned([7, 5, 3])), Observation(Returned([7, 8, 9])))
    assert tried.explained == {(0, "$[0]")}
    assert tried.wrong == {(0, "$[1]")}


class Slow:
    """A python side that has time for three trials only, of the very many that it offers; the one
    that helps is at the last of its sites."""

    LAST = 80

    def __init__(self, cases: list[Case], given: tuple[str, str]) -> None:
        self.cases = cases
        self.given = [self.LAST, FLOOR, *given]

    def __call__(
        self,
        lines: Sequence[str],
        plans: Sequence[Plan] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        if slips:
            return None
        plain = [self._text(one.python) for one in self.cases]
        if plans is None:
            sites = [[at, "m.py", at + 1, 0, "binary", "//"] for at in range(self.LAST + 1)]
            found = [[at, FLOOR] for at in range(self.LAST + 1)]
            found += [[at, f"other-{at}/meaning"] for at in range(self.LAST)]
            looked = {"reached": [site[0] for site in sites], "found": found, "given": [self.given]}
            looks = [looked for _ in self.cases]
            return {
                "sites": sites,
                "looked": looks,
                "plain": plain,
                "seconds": [0.001] * len(plain),
                "worked": 0.1,
            }
        helps = ((self.LAST, FLOOR),)
        meant = [self._text(one.java) for one in self.cases]
        tried = [meant if plan == helps else ['{"returned":9}' for _ in plain] for plan in plans]
        cut: list[Any] = [one if at < 3 else None for at, one in enumerate(tried)]
        return {"observations": cut, "worked": budget}

    @staticmethod
    def _text(observation: Observation) -> str:
        return returned(observation)


def returned(observation: Observation) -> str:
    assert isinstance(observation.outcome, Returned)
    return json.dumps({"returned": observation.outcome.value})


class Asked:
    """A python side with two meanings at one site: the first gives what java gives wherever the
    sides differ, the second something else; what they give where they agree is `elsewhere`."""

    def __init__(
        self, cases: list[Case], agreeing: list[Case], elsewhere: Form, seconds: float = 0.001
    ) -> None:
        self.cases, self.agreeing, self.seconds = cases, agreeing, seconds
        self.answered = 1_000
        self.first_is_odd = False
        self.elsewhere = returned(case("", elsewhere, elsewhere).python)
        self.runs: list[tuple[Plan, int]] = []

    def __call__(
        self,
        lines: Sequence[str],
        plans: Sequence[Plan] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        if slips:
            return None
        whole = [*self.cases, *self.agreeing]
        if plans is None:
            found = [[0, FLOOR], [0, MODULO]]
            looks = [{"reached": [0], "found": found, "given": []} for _ in whole]
            plain = [returned(one.python) for one in whole]
            sites = [[0, "m.py", 1, 0, "binary", "//"]]
            return {
                "sites": sites,
                "looked": looks,
                "plain": plain,
                "seconds": [self.seconds] * len(plain),
                "worked": 0.1,
            }
        if self.answered <= len(self.runs):
            return {"observations": [None for _ in plans], "worked": 0.1}
        told = [[self._run(plan)[at] for at in chosen or ()] for plan in plans]
        self.runs += [(plan, len(texts)) for plan, texts in zip(plans, told, strict=True)]
        return {"observations": told, "worked": 0.1}

    def _run(self, plan: Plan) -> list[str]:
        helps = {key for _, key in plan} == {FLOOR}
        meant = [returned(one.java) if helps else '{"returned":9}' for one in self.cases]
        if self.first_is_odd:
            meant[0] = returned(self.cases[0].python)
        return [*meant, *(self.elsewhere for _ in self.agreeing)]


def test_what_explains_nothing_is_not_tried_where_the_sides_agree() -> None:
    agreeing = [case("three", 3, 3)]
    trials = Asked(TWO, agreeing, 3)
    causes = explain(Judge(Terms()), lambda args, paths: args, TWO, agreeing, trials, JAVA)
    assert {(one["$"].id, one["$"].proven) for one in causes.values()} == {("floor-division", True)}
    counts: dict[str, set[int]] = {}
    for plan, count in trials.runs:
        counts.setdefault(" ".join(key for _, key in plan), set()).add(count)
    assert counts[FLOOR] == {2, 3}
    assert counts[MODULO] == {2}


MANY = [case(f"case {at}", -2 * at, 1 - 2 * at) for at in range(1, 9)]


@pytest.mark.parametrize(
    ("seconds", "counts"),
    [
        pytest.param(0.001, {8, 9}, id="all at once"),
        pytest.param(0.015, {1, 9}, id="one, then all"),
        pytest.param(0.05, {1, 3}, id="one, then as many as there is time for"),
    ],
)
def test_what_takes_long_is_tried_on_few_cases_first(seconds: float, counts: set[int]) -> None:
    agreeing = [case("three", 3, 3)]
    trials = Asked(MANY, agreeing, 3, seconds)
    causes = explain(Judge(Terms()), lambda args, paths: args, MANY, agreeing, trials, JAVA)
    assert {count for plan, count in trials.runs if {key for _, key in plan} == {FLOOR}} == counts
    assert len(causes) == max(counts) - 1
    assert {(one["$"].id, one["$"].proven) for one in causes.values()} == {("floor-division", True)}


def test_what_explains_little_of_the_first_is_tried_on_more_where_something_is_left() -> None:
    """The first case has another cause than the others, which no plan of this side has."""
    cases = [case("odd one", 5, "five"), *MANY]
    trials = Asked(cases, [], 3, 0.015)
    trials.first_is_odd = True
    causes = explain(Judge(Terms()), lambda args, paths: args, cases, [], trials, JAVA)
    assert {one["$"].id for one in causes.values()} == {"floor-division"}
    assert len(causes) == len(MANY)


def test_what_there_was_no_time_to_try_where_the_sides_agree_is_not_proven() -> None:
    agreeing = [case("three", 3, 3)]
    trials = Asked(TWO, agreeing, 3)
    trials.answered = 1
    causes = explain(Judge(Terms()), lambda args, paths: args, TWO, agreeing, trials, JAVA)
    assert {(one["$"].id, one["$"].proven) for one in causes.values()} == {
        ("floor-division", False)
    }


def test_what_explains_all_and_changes_what_agrees_is_no_cause() -> None:
    agreeing = [case("three", 3, 3)]
    trials = Asked(TWO, agreeing, 4)
    assert explain(Judge(Terms()), lambda args, paths: args, TWO, agreeing, trials, JAVA) == {}


@pytest.mark.parametrize(
    ("python", "java", "given"),
    [
        pytest.param([-4, "a"], [-3, "a"], ("-4", "-3"), id="a number"),
        pytest.param({"at": "day -4"}, {"at": "day -3"}, ("-4", "-3"), id="within a text"),
        pytest.param("-4 ", "-3 ", ("-4 ", "-3 "), id="a text"),
    ],
)
def test_what_would_give_the_value_of_java_is_tried_first(
    python: Form, java: Form, given: tuple[str, str]
) -> None:
    cases = [case("one", python, java)]
    causes = explain(Judge(Terms()), lambda args, paths: args, cases, [], Slow(cases, given), None)
    (cause,) = causes["one"].values()
    assert (cause.id, cause.proven, cause.python_line) == ("floor-division", True, "m.py:81")


def test_what_gave_another_value_is_not_tried_first() -> None:
    cases = [case("one", -4, -3)]
    trials = Slow(cases, ("-4", "-5"))
    assert explain(Judge(Terms()), lambda args, paths: args, cases, [], trials, None) == {}


def test_what_changes_an_agreeing_case_is_no_cause() -> None:
    assert told(bench(TWO), hypothesis(FLOOR, 0, 1, refuted=True)) == [None, None]


def test_two_causes_that_explain_the_same_are_not_proven() -> None:
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), hypothesis("half-even/round", 0, 1))
    assert one is not None
    assert not one.proven
    assert {one.id, *one.rivals} == {"floor-division", "half-even"}


def test_variants_of_one_cause_are_no_rivals() -> None:
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), hypothesis("floor-division/cast", 0, 1))
    assert one is not None
    assert one.proven


def test_what_explains_more_is_the_cause() -> None:
    one, two = told(bench(TWO), hypothesis("half-even/round", 0), hypothesis(FLOOR, 0, 1))
    assert one is not None
    assert two is not None
    assert one.id == two.id == "floor-division"
    assert one.proven


def test_java_text_decides_between_causes() -> None:
    rival = hypothesis("half-even/round", 0, 1)
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), rival, java=JAVA)
    assert one is not None
    assert (one.id, one.proven) == ("floor-division", True)


def test_what_java_text_does_not_show_is_not_proven() -> None:
    java = JavaText("src/M.java", 1, "return x;")
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), java=java)
    assert one is not None
    assert not one.proven


def test_what_java_text_has_beyond_the_counterpart_is_shown_there() -> None:
    beyond = (("src/M.java", "return Far.half(a);"), ("src/Far.java", "{\n  return a / 2;\n}"))
    java = JavaText("src/M.java", 1, "return Far.half(a);", beyond)
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), java=java)
    assert one is not None
    assert (one.proven, one.java_line) == (True, "src/Far.java:2")
    twice = JavaText("src/M.java", 1, "return Far.half(a);", (*beyond, ("src/O.java", "b / 3;")))
    one, _ = told(bench(TWO), hypothesis(FLOOR, 0, 1), java=twice)
    assert one is not None
    assert (one.proven, one.java_line) == (True, None)


def test_a_method_reference_shows_what_the_call_would() -> None:
    text = "Set<String> f(List<String> a) {\n  return a.stream().map(String::toLowerCase);\n}"
    java = JavaText("src/M.java", 1, text)
    one, _ = told(bench(TWO), hypothesis("case-mapping/fold", 0, 1), java=java)
    assert one is not None
    assert (one.proven, one.java_line) == (True, "src/M.java:2")


def test_inputs_nearby_decide_between_causes() -> None:
    hit = hypothesis(FLOOR, 0, 1, predicted=2)
    one, _ = told(bench(TWO), hit, hypothesis("half-even/round", 0, 1, missed=1, predicted=1))
    assert one is not None
    assert (one.id, one.proven) == ("floor-division", True)


def test_one_boolean_that_is_turned_round_tells_little() -> None:
    found = bench([case("one", True, False)])
    (one,) = told(found, hypothesis("double-equals/bits", 0))
    assert one is not None
    assert not one.proven
    (one,) = told(found, hypothesis("double-equals/bits", 0, held=1))
    assert one is not None
    assert one.proven


def test_each_finding_has_the_cause_that_explains_it() -> None:
    one, two = told(bench(TWO), hypothesis(FLOOR, 0), hypothesis("half-even/round", 1))
    assert one is not None
    assert two is not None
    assert (one.id, two.id) == ("floor-division", "half-even")
    assert one.proven
    assert two.proven


def explained(cases: list[Case], agreeing: list[Case] | None = None) -> list[Cause | None]:
    causes = explain(Judge(Terms()), lambda args, paths: args, cases, agreeing or [], None)
    return [causes.get(one.fixture, {}).get("$") for one in cases]


def test_a_wrapped_result_needs_no_source() -> None:
    (one,) = explained([case("one", 2147483648, -2147483648)], [case("two", 5, 5)])
    assert one is not None
    assert (one.id, one.proven) == ("int-overflow", True)


def test_a_conversion_that_changes_what_agrees_is_no_cause() -> None:
    agreeing = [case("two", 2147483653, 2147483653)]
    assert explained([case("one", 2147483648, -2147483648)], agreeing) == [None]


def test_another_class_of_exception_is_told_and_never_proven() -> None:
    raised = [Observation(Raised(kind, (), None, None, ())) for kind in ("KeyError", "a.b.Gone")]
    causes = explain(
        Judge(Terms()),
        lambda args, paths: args,
        [Case("one", "{}", raised[0], raised[1], Arguments([], ()))],
        [],
        None,
    )
    cause = causes["one"]["$raised"]
    assert (cause.id, cause.proven) == ("exception-class", False)


def test_a_plain_mistake_has_no_cause() -> None:
    assert explained([case("one", 7, 8), case("two", "ab", "ba")]) == [None, None]


# ---------------------------------------------------------------- the table


def test_the_page_is_the_one_in_docs() -> None:
    assert (ROOT / "docs" / "causes.md").read_text("utf-8") == causes_page()


def test_every_meaning_has_a_cause_in_the_table_and_every_cause_a_meaning() -> None:
    files = [*(ROOT / "parity/sides/python/meanings").glob("*.py")]
    files += [ROOT / "parity/sides/python/slips.py", ROOT / "parity/sides/python/hook.py"]
    files += [ROOT / "parity/diff/causes/conversions.py"]
    files += [ROOT / "parity/diff/causes/explaining.py", ROOT / "parity/diff/causes/trying.py"]
    text = "\n".join(file.read_text("utf-8") for file in files)
    named = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)*)/[a-z0-9%-]*"?', text))
    named |= set(re.findall(r'\("([a-z-]+)", (?:32|64)\)', text))
    assert named == set(KNOWN)
    assert len(KNOWN) == len(TABLE) > 150
    assert {cause_of(key) for key in SEEN} <= set(KNOWN)


def test_no_entry_of_a_catalogue_stands_in_the_code() -> None:
    """Causes are keyed by construct: ids and literals of entries are in bench/ alone."""
    files = [*(ROOT / "parity").rglob("*.py"), *(ROOT / "parity").rglob("*.java")]
    text = "\n".join(file.read_text("utf-8") for file in files)
    entries = tomllib.loads((ROOT / "bench/catalogue/causes.toml").read_text("utf-8"))["causes"]
    names = [name for name in entries if "-" in name]
    assert len(names) > 70  # those of one word are methods of Python's
    assert not [name for name in names if f'"{name}' in text]


@pytest.mark.parametrize(("spent", "told"), [(0.5, [2.0, 1.75, 1.25]), (3.0, [2.0, 1.75])])
def test_look_and_all_trials_of_a_unit_share_one_budget(spent: float, told: list[float]) -> None:
    given: list[float] = []

    def trials(
        lines: Sequence[str],
        plans: Sequence[Plan] | None,
        budget: float,
        chosen: Sequence[int] | None = None,
        slips: bool = False,
    ) -> dict[str, Any] | None:
        if slips:
            return None
        given.append(budget)
        if plans is not None:
            return {"observations": [['{"returned":-5}'] for _ in plans], "worked": spent}
        found = [[0, "floor-division/truncated"], [0, "half-even/round"]]
        sites = [[0, "src/m.py", 3, 4, "binary", "//"]]
        looked = [{"found": found, "reached": [0], "given": []}]
        return {
            "sites": sites,
            "looked": looked,
            "plain": ['{"returned":-4}'],
            "seconds": [0.001],
            "worked": 0.25,
        }

    cases = [case("one", -4, -3)]
    explain(Judge(Terms()), lambda args, paths: args, cases, [], trials, budget=2.0)
    assert given == told


def test_a_trial_that_ends_at_the_call_that_ended_java_is_like_it() -> None:
    first = Effect("sql", "execute", ["select 1", []], 0)
    unknown = Effect("sql", "execute", ["select ?", [""]])
    java = Observation(Raised("Ended", (), None, None, ()), effects=[first, unknown])
    assert is_ended_alike(java, java)
    other = dataclasses.replace(unknown, args=["select ?", ["a"]])
    for effects in ([first], [unknown], [first, other]):
        assert not is_ended_alike(dataclasses.replace(java, effects=effects), java)


def test_a_skipped_guard_shows_in_an_exception_and_not_in_a_call_that_has_no_answer() -> None:
    asked = Effect("sql", "execute", ["select 1", []])
    ended = Observation(Raised("Ended", (), None, None, ()), effects=[asked])
    raised = Observation(Raised("java.lang.NullPointerException", (), None, None, ()))
    for java, explains in ((ended, False), (raised, True)):
        one = Case("one", "{}", Observation(Returned(1)), java, Arguments([], ()))
        tried = hypothesis("skipped-guard/then")
        bench([one]).weigh(tried, 0, java, java)
        assert bool(tried.explained) is explains


def test_a_cast_of_what_is_rounded_already_does_not_go_toward_zero() -> None:
    pattern = seen("floor-toward-zero/cast")
    assert pattern is not None
    assert pattern.search("return (int) (a / b);")
    assert not pattern.search("return (int) Math.ceil(a / b);")


def test_a_trial_of_which_nothing_can_be_told_explains_nothing() -> None:
    found = bench(TWO, [case("three", 4, 2)])
    tried = hypothesis(FLOOR)
    for outcome in (Refused("self", None, "the receiver cannot be made"), TimedOut(5)):
        for index in range(2):
            found.weigh(tried, index, Observation(outcome), found.cases[index].java)
    assert not tried.explained
    assert tried.wrong == {(0, "$"), (1, "$")}
    found.weigh(tried, 2, Observation(TimedOut(5)), found.agreeing[0].java)
    assert tried.refuted


@pytest.mark.parametrize(
    ("key", "java"),
    [
        ("sample-deviation/other", "new StandardDeviation().evaluate(a)"),
        ("empty-extreme/nan", "new Median().evaluate(a)"),
        ("empty-pop/null", "if (!all.hasNext()) { return null; }"),
        ("extreme-ties/mode-least", "StatUtils.mode(a)[0]"),
        ("regex-replacement/computed", "found.appendReplacement(out, b)"),
        ("utf16-index/common-prefix", "StringUtils.getCommonPrefix(a)"),
        ("zero-padding/big", "new BigInteger(1, digest).toString(16)"),
        ("decimal-precision/decimal32", "a.divide(b, MathContext.DECIMAL32)"),
    ],
)
def test_what_a_library_calls_it_stands_in_the_text_of_java(key: str, java: str) -> None:
    pattern = seen(key)
    assert pattern is not None
    assert pattern.search(java)
    assert not pattern.search("return a;")


def test_a_remainder_is_tried_behind_an_overflow_though_python_never_sees_a_negative_number() -> (
    None
):
    overflow = Hypothesis(("int-overflow/32",), ((EVERYWHERE, "int-overflow/32"),))
    overflow.wrong.add((0, "$"))
    bench = Bench(Judge(Terms()), lambda args, paths: args, TWO, [])
    trying = Trying(bench, Asked(TWO, [], 0), 1.0)
    pairs = trying._pairs([overflow], {(0, "$")})
    assert (overflow.plan[0], (EVERYWHERE, "floor-modulo/truncated")) in pairs
