"""The synthesised templates hold what they must, and CloudFormation would take them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bench.draw import drawings, flow
from bench.template_defects import DEFECTS, Defect, by_tests, planted
from parity.aws.asl import read_machine
from tests.infra.assembly import ASL, ROOT, Assembly
from tests.infra.checks import CHECKS, Check
from tests.infra.lint import lint


@pytest.fixture(scope="module")
def out() -> Assembly:
    return Assembly.read()


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_holds(check: Check, out: Assembly) -> None:
    assert list(check(out)) == []


def test_cfn_lint_finds_nothing(out: Assembly) -> None:
    assert {name: lint(json.dumps(body)) for name, body in out.stacks.items()} == {
        name: [] for name in out.stacks
    }


def test_the_plain_template_names_the_same_functions(out: Assembly) -> None:
    plain: dict[str, Any] = json.loads(
        (ROOT / "java_lambdas/workflow/template.json").read_text("utf-8")
    )["Resources"]
    wanted = {
        name.removesuffix("Function"): resource["Properties"]
        for name, resource in plain.items()
        if resource["Type"] == "AWS::Lambda::Function"
    }
    same = ("Handler", "Runtime", "Architectures", "MemorySize", "Timeout")
    assert {name: [one[key] for key in same] for name, one in out.functions.items()} == {
        name: [one[key] for key in same] for name, one in wanted.items()
    }
    assert {name: set(one["Environment"]["Variables"]) for name, one in out.functions.items()} == {
        name: set(one["Environment"]["Variables"]) for name, one in wanted.items()
    }


def test_no_drawing_is_stale() -> None:
    stale = [file.name for file, drawn in drawings().items() if text_of(file) != drawn]
    assert stale == [], "run `make drawings`"


def test_a_changed_state_makes_its_drawing_stale() -> None:
    text = ASL.read_text("utf-8")
    assert flow(read_machine(text, "x")) == flow(read_machine(text, "y"))
    changed = text.replace('"TimeoutSeconds": 75', '"TimeoutSeconds": 80')
    assert flow(read_machine(changed, "x")) != flow(read_machine(text, "x"))


def text_of(file: Path) -> str:
    """What is in a file, nothing where there is none."""
    return file.read_text("utf-8") if file.is_file() else ""


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.name)
def test_a_planted_defect_is_found(defect: Defect, out: Assembly) -> None:
    found = by_tests(planted(out, defect))
    assert bool(found) != (defect.name in NAG_ONLY)


NAG_ONLY = {"bucket without access log"}
"""Defects that the nag pack finds, which bench/template_defects.py asks."""
