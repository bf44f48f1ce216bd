"""`parity evaluate`: sums by hand, a break-even recomputed, prices that move the result, limits."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from parity.cli import cli
from parity.config import find_config
from parity.errors import ParityError
from parity.evaluated import Evaluation
from parity.pipeline.evaluate import evaluate
from parity.report.evaluation import conclusion, html, markdown

ROOT = Path(__file__).resolve().parents[3]
WORKLOAD = """
workflow = "Order"
executions = 1000
chosen = "step_functions"

[execution]
items = 3
puts = 2
gets = 4
write_units = 5
read_units = 6
server_seconds = 20

[handler]
seconds = 0.5
gb = 0.25

[servers]
hosts = 3
vcpu = 0.5
gb = 1
at_a_time = 2
busy = 0.6

[network]
endpoints = 4

[staff]
dollars = 80
ec2 = 4
ecs = 2
step_functions = 1

[sources]
"handler.seconds" = "a measurement"
"""
# with three items: the start, the Map, three times Choice and PriceLine, Total, Keep, Receipt
TRANSITIONS, CALLS = 1 + 1 + 3 * (2 + 1) + 3, 3 + 2
HOURS = 730


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """The shop, and a workload of it."""
    folder = tmp_path / "shop"
    source = ROOT / "tests/projects/order_workflow"
    shutil.copytree(source, folder, ignore=shutil.ignore_patterns("target", ".parity"))
    (folder / "workload.toml").write_text(WORKLOAD)
    return folder


DATE = re.compile(r"\b20\d\d-\d\d")


def weighed(project: Path, change: Callable[[str], str] = str, prices: str = "") -> Evaluation:
    """The evaluation of a changed workload, with changed prices."""
    file = project / "workload.toml"
    file.write_text(change(WORKLOAD))
    own = None
    if prices:
        own = project / "prices.toml"
        own.write_text(prices)
    return evaluate(find_config(project), file, own)


def dollars(found: Evaluation) -> dict[str, float]:
    """What each way costs."""
    return {bill.option: bill.dollars for bill in found.bills}


def test_sums_are_amounts_times_prices(project: Path) -> None:
    found = weighed(project)
    figures = {one.name: one.value for one in found.figures}
    assert (figures["execution.transitions"], figures["execution.calls"]) == (TRANSITIONS, CALLS)
    price = {one.name: one.dollars for one in found.prices}
    assert dollars(found) == pytest.approx(
        {
            "ec2": 3 * HOURS * price["instance_hour"] + 4 * 80,
            "ecs": 3 * HOURS * (0.5 * price["vcpu_hour"] + price["gb_hour"]) + 2 * 80,
            "step_functions": 1000
            * (
                TRANSITIONS * price["transition"]
                + CALLS * (price["request"] + 0.5 * 0.25 * price["gb_second"])
                + 2 * price["put"]
                + 4 * price["get"]
                + 5 * price["write_unit"]
                + 6 * price["read_unit"]
            )
            + 4 * HOURS * price["endpoint_hour"]
            + 80,
        }
    )
    assert found.cheapest == "step_functions"
    assert found.confirmed


@pytest.mark.parametrize("other", ["ec2", "ecs"])
@pytest.mark.parametrize("server_seconds", [20, 0.05, 3000])
def test_the_break_even_is_the_first_number_at_which_it_is_dearer(
    project: Path, other: str, server_seconds: float
) -> None:
    """Recomputed with whole runs of the model on either side of it, not with its search."""
    option = "step_functions"

    def change(executions: int) -> Callable[[str], str]:
        return lambda text: text.replace("executions = 1000", f"executions = {executions}").replace(
            "server_seconds = 20", f"server_seconds = {server_seconds}"
        )

    found = weighed(project, change(1000))
    (told,) = [one for one in found.break_even if (one.option, one.other) == (option, other)]
    if told.executions is None:
        for executions in (0, 1000, 10_000_000):
            sums = dollars(weighed(project, change(executions)))
            assert sums[option] < sums[other]
        return
    at, before = (dollars(weighed(project, change(told.executions - n))) for n in (0, 1))
    assert at[option] >= at[other]
    assert before[option] < before[other]


def test_servers_are_bought_whole_and_as_many_as_are_busy(project: Path) -> None:
    each = HOURS * 3600 * 0.6 * 2 / 20  # executions that one server has time for
    for executions, hosts in ((0, 3), (int(each * 3), 3), (int(each * 3) + 1, 4)):
        found = weighed(
            project,
            lambda text, n=executions: text.replace("= 1000", f"= {n}"),  # type: ignore[misc]
        )
        (hours,) = [one.amount for one in found.bills[0].lines if one.price == "instance_hour"]
        assert hours == hosts * HOURS


@pytest.mark.parametrize(
    ("price", "ways"),
    [
        ("transition", {"step_functions"}),
        ("request", {"step_functions"}),
        ("gb_second", {"step_functions"}),
        ("put", {"step_functions"}),
        ("endpoint_hour", {"step_functions"}),
        ("instance_hour", {"ec2"}),
        ("vcpu_hour", {"ecs"}),
        ("gb_hour", {"ecs"}),
    ],
)
def test_a_price_moves_the_ways_that_pay_it_and_no_other(
    project: Path, price: str, ways: set[str]
) -> None:
    before = weighed(project)
    own = f'[{price}]\nprice = 1.0\nsource = "ours"\nseen = "2026-11"\n'
    after = weighed(project, prices=own)
    assert {way for way in dollars(before) if dollars(before)[way] < dollars(after)[way]} == ways
    assert {way for way in dollars(before) if dollars(before)[way] != dollars(after)[way]} == ways
    assert next(one for one in after.prices if one.name == price).source == "ours"


def test_a_dear_transition_takes_the_choice_back(project: Path) -> None:
    own = '[transition]\nprice = 0.5\nsource = "ours"\nseen = "2026-11"\n'
    found = weighed(project, prices=own)
    assert found.confirmed is False
    assert "is not confirmed by cost" in conclusion(found)
    told = CliRunner().invoke(
        cli,
        ["-C", str(project), "evaluate", str(project / "workload.toml"),
         "--prices", str(project / "prices.toml"), "--json"],
        standalone_mode=False,
    )  # fmt: skip
    assert told.return_value == 1
    assert json.loads(told.output.splitlines()[0])["confirmed"] is False


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ("items = 3", "items = 9000", "history of an execution"),
        ("items = 3", "items = 3\nstate_bytes = 262145", "state between two steps"),
        ("seconds = 0.5", "seconds = 901", "one call of a handler"),
        ("items = 3", "items = 3\nseconds = 32000000", "one execution"),
        ("[network]", "[peak]\ncalls_at_a_time = 1001\n[network]", "calls at a time"),
    ],
)
def test_a_limit_that_does_not_hold_takes_the_choice_back(
    project: Path, old: str, new: str, what: str
) -> None:
    found = weighed(project, lambda text: text.replace(old, new))
    assert [one.what for one in found.breaks] == [what]
    assert not found.confirmed


def test_what_has_no_source_is_told_as_assumed(project: Path) -> None:
    found = weighed(project)
    text = markdown(found)
    assert "| `handler.seconds` | 0.5 | a measurement |" in text
    assert "| `execution.server_seconds` | 20 | **assumed** |" in text
    assert all(one.source and one.seen for one in found.prices)
    assert len(found.figures) >= 12
    assert "No experiment is on record" in text


def test_the_record_is_the_same_each_time_and_says_the_same_in_both_forms(project: Path) -> None:
    failing = WORKLOAD + (
        '\n[[failure]]\noption = "ec2"\nwhat = "two of | three hosts"\n'
        'outcome = "it stands still"\nsource = "make show LINE=2.5"\n'
        '[notes]\nec2 = ["we patch <it>"]\n'
    )
    found = weighed(project, lambda _: failing)
    assert markdown(found) == markdown(weighed(project, lambda _: failing))
    page = html(found)
    assert page == html(weighed(project, lambda _: failing))
    assert "two of \\| three hosts" in markdown(found)
    assert "we patch &lt;it&gt;" in page
    for bill in found.bills:
        assert f"{bill.dollars:,.2f}" in page
        assert f"{bill.dollars:,.2f}" in markdown(found)
    assert "http://" not in page
    assert "https://" not in page
    assert "<script" not in page


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda text: text.replace("hosts = 3", "hosts = 0"), "servers.hosts"),
        (lambda text: text.replace("busy = 0.6", "busy = 2"), "servers.busy"),
        (lambda text: text.replace("gb = 0.25", "gigs = 1"), "gigs"),
        (lambda text: text.replace("server_seconds = 20", ""), "server_seconds"),
        (lambda text: text.replace('"handler.seconds"', '"handler.second"'), "handler.second"),
        (lambda text: text.replace('"Order"', '"Nothing"'), "there is no workflow `Nothing`"),
        (lambda _: "executions = ", "cannot be read"),
    ],
)
def test_a_workload_that_cannot_be_used_is_refused(
    project: Path, change: Callable[[str], str], said: str
) -> None:
    with pytest.raises(ParityError) as refused:
        weighed(project, change)
    assert said in str(refused.value)


def test_a_workload_without_a_machine_says_what_it_takes(project: Path) -> None:
    found = weighed(
        project,
        lambda text: text.replace('"Order"', '"By hand"').replace(
            "items = 3", "transitions = 10\ncalls = 4"
        ),
    )
    (line,) = [one for one in found.bills[2].lines if one.price == "transition"]
    assert line.amount == 10_000


def test_an_unknown_price_is_refused(project: Path) -> None:
    own = '[transitions]\nprice = 0.5\nsource = "ours"\nseen = "2026-11"\n'
    with pytest.raises(ParityError, match="there is no price called transitions"):
        weighed(project, prices=own)


def test_nothing_of_the_project_is_run(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess

    def canary(*_: Any, **__: Any) -> None:
        raise AssertionError("something was run")

    monkeypatch.setattr(subprocess, "Popen", canary)
    (project / "python/shop/__init__.py").write_text("raise SystemExit('imported')")
    assert weighed(project).cheapest == "step_functions"


def test_the_record_of_the_sample_is_what_the_command_writes() -> None:
    found = evaluate(find_config(ROOT), ROOT / "docs/decisions/where-it-runs.toml")
    assert (ROOT / "docs/decisions/0011-where-it-runs.md").read_text("utf-8") == markdown(found)
    dated = [price for price in found.prices if price.source and DATE.search(price.seen)]
    assert len(dated) == len(found.prices)
    measured = [one for one in found.failures if DATE.search(one.source)]
    assert len(measured) == len(found.failures)
    assert len(dated) + len(measured) >= 12
