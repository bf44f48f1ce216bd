"""What the sample's units do to hosts goes through ports, and each call of theirs is compared."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from parity.config import find_config
from parity.diff.classes import ClassPairs
from parity.diff.effects import RecordedCalls, effect_differences
from parity.fixtures import read_fixtures
from parity.mapping import read_map
from parity.model import Effect, Observation, Returned, Unit
from parity.pipeline.scan import scan

ROOT = Path(__file__).parents[3]
HOSTS = ("sable.wire:Client", "sable.replica:Replica")
"""Who speaks to storage hosts, and who to the servers' common state."""
SPEAKING = ("sable.wire", "sable.runner", "sable.replica")
"""The modules in which that is done."""


@cache
def units() -> dict[str, Unit]:
    """The units of the sample's map."""
    return {unit.id: unit for unit in read_map(find_config(ROOT))}


@cache
def recorded(unit_id: str) -> tuple[RecordedCalls, ...]:
    """The calls of each fixture of a unit that makes any."""
    unit = units()[unit_id]
    fixtures = read_fixtures(find_config(ROOT).fixtures, unit)
    calls = [(fixture.world or {}).get("ports") or [] for fixture in fixtures]
    return tuple(RecordedCalls(one, unit.ports) for one in calls if one)


def reaches(effect: dict[str, Any]) -> bool:
    """Whether it is one on the network, by way of who speaks to others there."""
    return effect["kind"] == "network" and any(
        step.partition(":")[0] in SPEAKING for step in effect["via"]
    )


def observed(effects: tuple[Effect, ...]) -> Observation:
    """A side that has made these calls."""
    return Observation(Returned(None), effects=effects)


def found(calls: RecordedCalls, unit: Unit, java: tuple[Effect, ...]) -> set[str]:
    """Where java's calls are others than those that were recorded."""
    differences = effect_differences(
        calls, observed(calls.effects()), observed(java), unit.terms, ClassPairs()
    )
    assert all(one.kind == "effect" for one in differences)
    return {one.path for one in differences}


def test_every_unit_that_reaches_hosts_does_so_through_ports() -> None:
    reaching = {
        unit["id"]
        for unit in scan(ROOT, ROOT / "legacy_py").document["units"]
        if unit["id"] in units() and any(reaches(one) for one in unit["effects"])
    }
    assert len(reaching) >= 10
    for unit_id in reaching:
        called = {
            one["port"].partition("#")[0] for calls in recorded(unit_id) for one in calls.calls
        }
        assert called & {*HOSTS}, unit_id
    assert reaching <= {unit_id for unit_id in units() if recorded(unit_id)}


def test_each_call_that_java_leaves_out_is_found_at_its_place() -> None:
    checked = 0
    for unit_id, unit in units().items():
        for calls in recorded(unit_id)[:10]:
            made = calls.effects()
            assert found(calls, unit, made) == set()
            for index in range(min(len(made), 30)):
                left = made[:index] + made[index + 1 :]
                assert found(calls, unit, left) == {f"$effects[{index}]"}
                checked += 1
    assert checked >= 100
