"""The JSON of `parity run` (docs/run.schema.json)."""

from __future__ import annotations

import hashlib
from typing import Any

from parity.model import Cause, Finding, Form, RunReport, Trouble, UnitReport, Verdict
from parity.values.form import dumps

VALUE_BYTES = 4096


def run_document(report: RunReport) -> dict[str, Any]:
    """The report as a JSON document, version 1."""
    return {
        "schema": 1,
        "verdict": report.verdict.value,
        "units": [_unit(unit) for unit in report.units],
        "times": dict(report.times),
        **_against(report),
    }


def _against(report: RunReport) -> dict[str, Any]:
    against = report.against
    if against is None:
        return {}
    worse = [{"id": unit_id, "why": why} for unit_id, why in against.worse.items()]
    return {"against": {"ref": against.ref, "commit": against.commit, "worse": worse}}


def _unit(report: UnitReport) -> dict[str, Any]:
    counts = {verdict.value: report.counts.get(verdict, 0) for verdict in Verdict}
    document: dict[str, Any] = {
        "id": report.unit.id,
        "java": report.unit.java_text,
        "verdict": report.verdict.value,
        "fixtures": report.fixtures,
        "matched": counts["matched"],
        "allowed": counts["allowed"],
        "differs": counts["differs"],
        "unknown": counts["unknown"],
        "outside": report.outside,
        "cached": report.cached,
        "checked_again": report.checked_again,
        "findings": [_finding(finding) for finding in report.findings],
        "more_findings": report.more_findings,
        "allowances": [
            {
                "path": state.allowance.path,
                "kind": state.allowance.kind,
                "used": state.used,
                "state": state.state,
            }
            for state in report.allowances
        ],
        "printed": report.printed,
    }
    if report.looked is not None:
        looked = report.looked
        document["fuzz"] = {
            "seed": looked.seed,
            "tried": looked.tried,
            "branches": looked.branches,
            "saved": looked.saved,
            "domain": looked.domain,
        }
    if report.trouble is not None:
        document["error"] = error_document(report.trouble)
    return document


def error_document(trouble: Trouble) -> dict[str, Any]:
    """What, where, why and what to do next, as every document says it."""
    return {
        "code": trouble.code,
        "what": trouble.what,
        "where": trouble.where,
        "why": trouble.why,
        "hint": trouble.next_step,
    }


def _finding(finding: Finding) -> dict[str, Any]:
    difference = finding.difference
    return {
        "fixture": finding.fixture,
        **_generated(finding),
        "verdict": finding.verdict.value,
        "path": difference.path,
        "kind": difference.kind,
        "python": cut(difference.python),
        "java": cut(difference.java),
        "note": difference.note,
        "cause": _cause(difference.cause),
        "python_line": difference.python_line,
        "java_line": difference.java_line,
        "again": finding.again,
    }


def _generated(finding: Finding) -> dict[str, Any]:
    """The input of a finding that was looked for."""
    if finding.call is None:
        return {}
    more = {key: value for key, value in finding.call.items() if key != "args"}
    return {
        "fixture_args": finding.call.get("args"),
        **({"fixture_more": more} if more else {}),
        "tier": finding.tier,
        "found": finding.found,
    }


def _cause(cause: Cause | None) -> dict[str, Any] | None:
    if cause is None:
        return None
    document: dict[str, Any] = {
        "id": cause.id,
        "proven": cause.proven,
        "explains": cause.explains,
        "of": cause.of,
        "fix": cause.fix,
    }
    if cause.also:
        document["also"] = list(cause.also)
    if cause.rivals:
        document["rivals"] = list(cause.rivals)
    return document


def cut(form: Form) -> Form:
    """The form, or where it is long its beginning with length and hash of the whole."""
    text = dumps(form)
    if len(text) <= VALUE_BYTES:
        return form
    digest = hashlib.sha256(text.encode("ascii")).hexdigest()
    return {"cut": text[:VALUE_BYTES], "length": len(text), "sha256": digest}
