"""The synthesised templates hold what they must, and CloudFormation would take them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.infra.assembly import ROOT, Assembly
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
