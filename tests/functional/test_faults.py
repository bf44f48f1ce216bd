"""What a subject does to its process blames its fixture alone; what ends a run loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench.endings import start, wait_for, write_project
from bench.faults import read_faults, run_faults
from bench.interrupts import INSTANTS, LOOPING, RUN, interrupt_all
from bench.jdks import jdks
from bench.kills import cut_often, kill_often, kill_parts, undisturbed

BESIDES = "outcomes that are not of one fixture"


def test_faults_blame_their_fixture_and_leave_the_others_as_they_are(tmp_path: Path) -> None:
    version, home = next(iter(jdks().items()))
    quick = [fault for fault in read_faults() if fault.quick]
    assert len({fault.side for fault in quick}) == 2
    wrong = {}
    count = 0
    for outcomes, besides in run_faults(tmp_path, quick, {version: home}):
        count += len(outcomes)
        wrong |= {one.fault.unit: (one.got, one.wrong) for one in outcomes if one.wrong}
        wrong |= dict.fromkeys(besides, (BESIDES, ""))
    assert wrong == {}
    assert list(tmp_path.rglob("hs_err*")) == []
    assert list(tmp_path.rglob("jvm-crash.log"))
    assert count == len(quick) >= 16


def test_there_are_enough_faults_of_each_side() -> None:
    faults = read_faults()
    assert len({fault.unit for fault in faults}) == len(faults)
    assert min(sum(one.side == side for one in faults) for side in ("java", "python")) >= 24


@pytest.fixture
def enduring(tmp_path: Path) -> Path:
    """A project whose run takes a while, with a crash, a timeout and an allowance in it."""
    return write_project(tmp_path / "enduring")


@pytest.mark.parametrize("side", ["java", "python"])
def test_workers_end_with_their_supervisor_while_a_unit_loops(enduring: Path, side: str) -> None:
    (enduring / "hangs").write_text(f"{side} {LOOPING}", "ascii")
    running = start(enduring, *RUN)
    wait_for("the loop", lambda: (enduring / "hangs.reached").exists() or running.ended)
    assert not running.ended
    assert running.kill() == []


def test_a_run_that_was_killed_goes_on_to_the_same_report(enduring: Path) -> None:
    shown = kill_often(enduring, undisturbed(enduring), kills=4, seed=4)
    assert shown.wrong == []
    assert shown.kills >= 4
    assert shown.early < shown.kills


def test_a_journal_that_lost_its_end_is_gone_on_from(enduring: Path) -> None:
    shown = cut_often(enduring, undisturbed(enduring), cuts=4)
    assert shown.wrong == []
    assert shown.kills == 1 + 4


def test_shards_and_a_merge_that_were_killed_give_the_same_report(enduring: Path) -> None:
    shown = kill_parts(enduring, undisturbed(enduring), kills=1, seed=3)
    assert shown.wrong == []
    assert shown.kills == 2


def test_an_interrupted_run_ends_at_once_and_loses_nothing(enduring: Path) -> None:
    some = tuple(one for one in INSTANTS if one.building or "Java" in one.name)
    assert len(some) == 2
    found = interrupt_all(enduring, some)
    assert {one.instant for one in found} == {one.name for one in some}
    assert [one.wrong for one in found if one.wrong] == []
