"""A run as JUnit XML: a suite for each unit, a case for each fixture."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from parity.model import Finding, RunReport, Unit, UnitReport, Verdict, worst
from parity.report.telling import details, told

MOST_CASES = 20_000
FixtureIds = Callable[[Unit], Iterable[str]]
NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write_junit(report: RunReport, fixture_ids: FixtureIds, file: Path) -> None:
    """Writes the report; `fixture_ids` gives the fixtures that a unit has, in order.

    A difference fails, what is not known is an error, what is allowed passes and says so. Where
    findings were left out, or a unit has more than 20,000 fixtures, the fixtures without a
    finding stand in one case for all of them. Raises OSError.
    """
    xml = JUnitXml("parity")
    for unit in report.units:
        xml.add_testsuite(_suite(unit, fixture_ids))
    file.parent.mkdir(parents=True, exist_ok=True)
    xml.write(str(file))


def _suite(report: UnitReport, fixture_ids: FixtureIds) -> TestSuite:
    suite = TestSuite(_clean(report.unit.id))
    suite.add_property("java", _clean(report.unit.java_text))
    suite.add_property("verdict", report.verdict.value)
    suite.add_property("cached", str(report.cached).lower())
    suite.add_testcases(_cases(report, fixture_ids))
    return suite


def _cases(report: UnitReport, fixture_ids: FixtureIds) -> list[TestCase]:
    if report.trouble is not None:
        trouble = report.trouble
        text = f"{trouble.why}\nnext: {trouble.next_step}"
        return [_case(report, "fixtures", Error(_clean(trouble.what), "unknown"), text)]
    findings: dict[str, list[Finding]] = {}
    for finding in report.findings:
        findings.setdefault(finding.fixture, []).append(finding)
    cases = _whole(report, findings, fixture_ids)
    if cases is None:
        cases = [_of_fixture(report, fixture, found) for fixture, found in findings.items()]
        cases += _rest(report, findings)
    return cases + _allowances(report)


def _whole(
    report: UnitReport, findings: Mapping[str, list[Finding]], fixture_ids: FixtureIds
) -> list[TestCase] | None:
    """A case for each fixture; None where it is not known of each how it fared."""
    if report.more_findings or report.fixtures > MOST_CASES or report.outside:
        return None
    ids = list(fixture_ids(report.unit))
    if len(ids) != report.fixtures or not findings.keys() <= set(ids):
        return None
    return [_of_fixture(report, fixture, findings.get(fixture, [])) for fixture in ids]


def _of_fixture(report: UnitReport, fixture: str, found: list[Finding]) -> TestCase:
    failing = [one for one in found if one.verdict is not Verdict.ALLOWED]
    if not failing:
        case = _case(report, fixture)
        if found:
            case.system_out = _clean("\n".join(f"allowed: {told(one)}" for one in found))
        return case
    first = failing[0]
    make = Error if first.verdict is Verdict.UNKNOWN else Failure
    text = "\n\n".join("\n".join((told(one), *details(one))) for one in failing)
    return _case(report, fixture, make(_clean(told(first)), first.difference.kind), text)


def _rest(report: UnitReport, findings: Mapping[str, list[Finding]]) -> list[TestCase]:
    """The fixtures of which no finding is shown, in one case for each verdict."""
    shown = Counter(worst([one.verdict for one in found]) for found in findings.values())
    cases = []
    for verdict, count in report.counts.items():
        left = count - shown[verdict]
        if left <= 0:
            continue
        name = f"{left} more fixtures: {verdict.value}"
        cases.append(_case(report, name, _result(verdict, name)))
    if report.outside:
        name = f"{report.outside} fixtures are outside of the domain"
        cases.append(_case(report, name, Skipped(name)))
    return cases


def _result(verdict: Verdict, what: str) -> Failure | Error | None:
    match verdict:
        case Verdict.DIFFERS:
            return Failure(what, verdict.value)
        case Verdict.UNKNOWN:
            return Error(what, verdict.value)
    return None


def _allowances(report: UnitReport) -> list[TestCase]:
    return [
        _case(
            report,
            f"allowance of {state.allowance.kind} at {state.allowance.path}",
            Failure(f"the allowance is {state.state}; its owner is {state.allowance.owner}"),
        )
        for state in report.allowances
        if state.state != "used"
    ]


def _case(
    report: UnitReport, name: str, result: Failure | Error | Skipped | None = None, text: str = ""
) -> TestCase:
    case = TestCase(_clean(name), _clean(report.unit.id))
    if result is not None:
        if text:
            result.text = _clean(text)
        case.result = [result]
    return case


def _clean(text: str) -> str:
    """Text as XML may hold it: what it may not hold is written as Python would."""
    return NOT_XML.sub(lambda found: ascii(found.group())[1:-1], text)
