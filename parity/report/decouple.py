"""Where a unit is taken apart: a diff for people and programs, and why."""

from __future__ import annotations

import difflib
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from parity.seams import Draft, Group, Proposal


def diff_of(proposal: Proposal) -> str:
    """The change as a unified diff that `patch -p1` takes; empty where there is none."""
    before = proposal.before.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    after = proposal.after.decode("utf-8", "surrogateescape").splitlines(keepends=True)
    lines = difflib.unified_diff(before, after, f"a/{proposal.file}", f"b/{proposal.file}")
    return "".join(
        one if one.endswith("\n") else f"{one}\n\\ No newline at end of file\n" for one in lines
    )


def decouple_document(proposal: Proposal, outcome: str, told: str) -> dict[str, Any]:
    """The report as JSON, version 1 (docs/decoupling.md)."""
    return {
        "schema": 1,
        "unit": proposal.unit,
        "file": proposal.file,
        "outcome": outcome,
        "seams": [asdict(one) for one in proposal.seams],
        "refusals": [asdict(one) for one in proposal.refusals],
        "diff": diff_of(proposal),
        "tests": told,
    }


def status_of(proposal: Proposal, outcome: str) -> int:
    """0 proposed, made or nothing to do; 1 the tests fail with it; 2 all was refused."""
    if outcome == "taken back":
        return 1
    return 2 if proposal.refusals and not proposal.seams else 0


def print_decoupled(proposal: Proposal, outcome: str, told: str) -> None:
    """The diff on stdout; why, what was refused and what came of it on stderr."""
    sys.stdout.write(diff_of(proposal))
    sys.stdout.flush()
    lines = [
        f"{one.file}:{one.line}  {one.kind}: `{one.what}` becomes the keyword `{one.parameter}`"
        f" ({one.why})"
        for one in proposal.seams
    ]
    lines += [f"{one.file}:{one.line}  {one.kind} stays: {one.why}" for one in proposal.refusals]
    if not lines:
        lines.append(f"nothing ties {proposal.unit} to what is around it")
    if outcome == "written":
        lines.append("written; the tests are as green as before")
    if outcome == "taken back":
        lines += ["taken back: the tests fail with it", told]
    if outcome == "proposed":
        lines.append(f'next: parity decouple {proposal.unit} --write --tests "COMMAND"')
    print("\n".join(lines), file=sys.stderr)


def draft_document(draft: Draft) -> dict[str, Any]:
    """The draft as JSON, version 1: the machine, and the source of each state beside it."""
    return {"schema": 1, **asdict(draft)}


def draft_status(draft: Draft) -> int:
    """0 drafted; 2 where something cannot be said, and there is no machine."""
    return 0 if draft.machine is not None else 2


def print_draft(draft: Draft, *, as_json: bool) -> None:
    """The machine on stdout; what was refused and what to know on stderr."""
    if as_json:
        print(json.dumps(draft_document(draft)))
        return
    if draft.machine is not None:
        print(json.dumps(draft.machine, indent=2))
    for one in draft.refusals:
        print(f"{one.file}:{one.line}  not drafted: {one.why}", file=sys.stderr)
    for note in draft.notes:
        print(f"note: {note}", file=sys.stderr)
    for function, unit in sorted(draft.functions.items()):
        print(f"${{{function}Function}} is {unit}", file=sys.stderr)


def groups_document(groups: Sequence[Group]) -> dict[str, Any]:
    """The groups as JSON, version 1 (docs/decoupling.md)."""
    return {"schema": 1, "groups": [asdict(one) for one in groups]}


def print_groups(groups: Sequence[Group]) -> None:
    """Each group with its units, why they go together, and the calls that leave it."""
    for one in groups:
        print(f"{one.name}  ({len(one.units)} unit{'s' if len(one.units) != 1 else ''})")
        for unit in one.units:
            if unit != one.name:
                print(f"  with  {unit}")
        for why in one.together:
            print(f"  since {why}")
        for cut in one.cuts:
            print(f"  cut   {cut.file}:{cut.line} {cut.by} calls {cut.to}: {cut.why}")
