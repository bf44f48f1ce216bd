"""The findings of a run as SARIF 2.1.0, for whatever shows such files beside the code."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

from parity.model import Finding, RunReport, UnitReport, Verdict
from parity.report.telling import details, told

SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
ROOT = "SRCROOT"
LEVELS = {Verdict.DIFFERS: "error", Verdict.UNKNOWN: "warning", Verdict.ALLOWED: "note"}
KINDS = {
    "changed": "The values differ.",
    "missing": "Java leaves out what python has.",
    "unexpected": "Java has what python has not.",
    "type": "The types differ.",
    "order": "The elements are the same, in another order.",
    "raised": "One side raised, or both raised differently.",
    "message": "The messages of what was raised differ.",
    "mutated": "The sides leave their arguments or receiver in different states.",
    "output": "The sides print different texts.",
    "effect": "The sides call their ports differently.",
    "crashed": "A side ended its process.",
    "timeout": "A side did not end in time.",
    "unstable": "A side does not repeat itself.",
    "recording": "Python no longer does what was recorded.",
    "harness": "Nothing can be told of the fixture.",
    "trouble": "Nothing can be told of the unit.",
}


def sarif_document(report: RunReport, version: str) -> dict[str, Any]:
    """The log of one run: a result for each finding, and for each unit that could not be run.

    Places are below the project's root. A result stands at the Python line; the Java line is
    related to it. What is allowed is there as suppressed.
    """
    results = [result for unit in report.units for result in _results(unit)]
    used = sorted({result["ruleId"] for result in results})
    indices = {rule: index for index, rule in enumerate(used)}
    for result in results:
        result["ruleIndex"] = indices[result["ruleId"]]
    driver = {
        "name": "parity",
        "semanticVersion": version,
        "rules": [_rule(rule) for rule in used],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {ROOT: {"description": {"text": "The root of the project."}}},
        "invocations": [{"executionSuccessful": report.verdict is not Verdict.UNKNOWN}],
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def write_sarif(report: RunReport, version: str, file: Path) -> None:
    """Writes the log of one run. Raises OSError."""
    file.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(sarif_document(report, version), indent=1, ensure_ascii=True)
    file.write_text(f"{text}\n", "utf-8")


def _rule(rule: str) -> dict[str, Any]:
    kind = rule.removeprefix("parity/")
    text = KINDS.get(kind) or f"The sides part for a proven cause: {kind}."
    return {"id": rule, "shortDescription": {"text": text}}


def _results(report: UnitReport) -> Iterator[dict[str, Any]]:
    if report.trouble is not None:
        trouble = report.trouble
        lines = (f"{trouble.what}: {trouble.why}", f"Next: {trouble.next_step}")
        yield {
            "ruleId": "parity/trouble",
            "level": "warning",
            "message": {"text": "\n".join(lines)},
            "locations": [_location(report.unit.map_file, report.unit.id)],
        }
    for finding in report.findings:
        yield _result(report, finding)


def _result(report: UnitReport, finding: Finding) -> dict[str, Any]:
    difference, unit = finding.difference, report.unit
    cause = difference.cause
    rule = cause.id if cause is not None and cause.proven else difference.kind
    python, java = difference.python_line, difference.java_line
    result: dict[str, Any] = {
        "ruleId": f"parity/{rule}",
        "level": LEVELS[finding.verdict],
        "message": {"text": _text(report, finding)},
        "locations": [_location(python or unit.map_file, unit.id)],
        "partialFingerprints": {"parity/v1": _fingerprint(unit.id, finding, rule)},
        "properties": {"unit": unit.id, "fixture": finding.fixture, "again": finding.again},
    }
    if java:
        told = {"id": 1, "message": {"text": "the counterpart"}, **_location(java)}
        result["relatedLocations"] = [told]
    if finding.verdict is Verdict.ALLOWED:
        result["suppressions"] = [{"kind": "external", "status": "accepted"}]
    return result


def _text(report: UnitReport, finding: Finding) -> str:
    first = f"{report.unit.id} on {finding.fixture}: {told(finding)}"
    linked = "see [the counterpart](1)" if finding.difference.java_line else ""
    return "\n".join(line for line in (first, linked, *details(finding)) if line)


def _location(place: str, unit: str | None = None) -> dict[str, Any]:
    """A place as `file:line`, or a file alone."""
    file, colon, number = place.rpartition(":")
    has_line = bool(colon) and number.isdecimal()
    uri = quote(file if has_line else place)
    physical: dict[str, Any] = {"artifactLocation": {"uri": uri}}
    if not place.startswith("/"):
        physical["artifactLocation"]["uriBaseId"] = ROOT
    if has_line:
        physical["region"] = {"startLine": max(1, int(number))}
    location: dict[str, Any] = {"physicalLocation": physical}
    if unit is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": unit, "kind": "function"}]
    return location


def _fingerprint(unit: str, finding: Finding, rule: str) -> str:
    """The same in each run for what differs in the same place and way, whatever the lines."""
    parts = (unit, finding.fixture, finding.difference.path, rule)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "backslashreplace")).hexdigest()[:32]
