"""Published Python libraries against their Java ports; `make parity` runs the same projects."""

from __future__ import annotations

import pytest

from bench.projects import PROJECTS, PUBLISHED, run_project


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_libraries_differ_only_where_it_is_allowed(name: str) -> None:
    outcome = run_project(PROJECTS / name)
    assert outcome.status == 0, outcome.errors or outcome.report
    units = outcome.report["units"]
    assert sum(unit["fixtures"] for unit in units) >= 400
    assert sum(unit["matched"] for unit in units) > 0
    states = {one["state"] for unit in units for one in unit["allowances"]}
    assert states <= {"used"}
