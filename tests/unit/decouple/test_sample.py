"""Couplings that the sample's README lists are taken apart, and only lines that must change do."""

from __future__ import annotations

import difflib
from functools import cache
from pathlib import Path

import pytest

from parity.pipeline.decouple import Project, decouple, project_of
from parity.pipeline.drafts import drafted

LEGACY = Path(__file__).resolve().parents[3] / "legacy_py"


@cache
def project() -> Project:
    return project_of(LEGACY, LEGACY)


@pytest.mark.parametrize(
    ("unit", "kind"),
    [
        ("sable.batch_move:now_ms", "clock"),
        ("sable.batch_move:_tell", "global state"),
        ("sable.batch_move:copy_chunks", "status on the way"),
        ("sable.fleet:Fleet.route", "global state"),
        ("sable.runner:Runner.__init__", "collaborator made in a constructor"),
        ("sable.runner:Runner.__init__", "threads"),
        ("sable.server:ManagementServer.start", "random"),
        ("sable.settings:read_settings", "environment"),
    ],
)
def test_only_the_signature_and_the_uses_change(unit: str, kind: str) -> None:
    proposal = decouple(project(), unit, [kind])
    rows = list(
        difflib.ndiff(proposal.before.decode().splitlines(), proposal.after.decode().splitlines())
    )
    gone, new = (sum(row[0] == sign for row in rows) for sign in "-+")
    assert proposal.seams
    assert {one.kind for one in proposal.seams} == {kind}
    assert 2 <= gone <= 1 + sum(one.uses for one in proposal.seams)
    assert gone <= new <= gone + len(proposal.seams)


def test_an_orchestrator_that_hands_a_bag_on_is_refused_with_lines() -> None:
    draft = drafted(project(), "sable.driving:run_move")
    assert draft.machine is None
    assert all(one.line for one in draft.refusals)
