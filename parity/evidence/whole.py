"""Evidence of more than one unit: of workflows, of what fixtures are worth, and how far all are.

They lie beside the files of the units, in folders that no unit's file can be in: `@workflows`,
`@strength` and `@stages`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, TypeVar

from parity.config import Config
from parity.errors import ParityError
from parity.evidence.basis import hash_of
from parity.evidence.committed import Proof, evidence_folder, write_text
from parity.mapping import file_name
from parity.model import Unit, Verdict

SCHEMA: Final = 1
WORKFLOWS: Final = "@workflows"
STRENGTH: Final = "@strength"
STAGES: Final = "@stages"

Noun = TypeVar("Noun")


@dataclass(frozen=True, slots=True)
class StateProof:
    """What is committed of a state: its unit, its hops and what runs it."""

    unit: str | None
    hops: int
    passing: int
    handler: str
    runtime: str

    @property
    def passes(self) -> bool:
        """Whether there were hops, and all of them matched or are allowed."""
        return 0 < self.hops == self.passing


@dataclass(frozen=True, slots=True)
class WorkflowProof:
    """What is committed of a workflow that ran on both sides."""

    workflow: str
    verdict: Verdict
    requests: Mapping[str, int]
    states: Mapping[str, StateProof]
    rests_on: Mapping[str, str]
    """Hashes of `definition`, `template`, `requests` and `terms`."""


@dataclass(frozen=True, slots=True)
class StrengthProof:
    """What is committed of the worth of a unit's fixtures."""

    unit: str
    mutants: int
    caught: int
    explained: int
    rests_on: str
    """Of which evidence of the unit it speaks."""

    @property
    def share(self) -> float | None:
        """The share of the mutants that is caught; all of them where each survivor is explained."""
        if not self.mutants:
            return None
        whole = self.caught + self.explained >= self.mutants
        return 1.0 if whole else self.caught / self.mutants


@dataclass(frozen=True, slots=True)
class StageRecord:
    """How far a workflow has come: `shadow` or `cut-over`, and the units that came with it."""

    stage: str
    units: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def measured_on(proof: Proof) -> str:
    """What says on which evidence the worth of fixtures was measured."""
    rests = proof.rests_on
    kept = {name: rests.get(name) for name in ("fixtures", "unit", "classes", "java sources")}
    return hash_of(kept)


# ---------------------------------------------------------------- workflows


def write_workflow(config: Config, proof: WorkflowProof) -> Path:
    """Writes the evidence of a workflow; gives the file."""
    document = {
        "evidence": SCHEMA,
        "workflow": proof.workflow,
        "verdict": proof.verdict.value,
        "requests": dict(proof.requests),
        "states": {
            name: {
                "unit": one.unit,
                "hops": one.hops,
                "passing": one.passing,
                "handler": one.handler,
                "runtime": one.runtime,
            }
            for name, one in proof.states.items()
        },
        "rests_on": dict(proof.rests_on),
    }
    return _write(config, WORKFLOWS, proof.workflow, document)


def read_workflow(config: Config, name: str) -> WorkflowProof | None:
    """The evidence of a workflow; None where there is none. Raises ParityError."""

    def proof(document: Any) -> WorkflowProof:
        return WorkflowProof(
            workflow=str(document["workflow"]),
            verdict=Verdict(document["verdict"]),
            requests=dict(document["requests"]),
            states={state: StateProof(**one) for state, one in document["states"].items()},
            rests_on=dict(document["rests_on"]),
        )

    return _read(config, WORKFLOWS, name, proof, f"parity run --workflow {name} --evidence")


# ---------------------------------------------------------------- strength


def write_strength(config: Config, proof: StrengthProof) -> Path:
    """Writes what the fixtures of a unit are worth; gives the file."""
    document = {
        "evidence": SCHEMA,
        "unit": proof.unit,
        "mutants": proof.mutants,
        "caught": proof.caught,
        "explained": proof.explained,
        "rests_on": proof.rests_on,
    }
    return _write(config, STRENGTH, file_name(proof.unit), document)


def read_strength(config: Config, unit: Unit) -> StrengthProof | None:
    """What the fixtures of a unit are worth; None where nobody has measured. Raises ParityError."""

    def proof(document: Any) -> StrengthProof:
        return StrengthProof(
            unit=str(document["unit"]),
            mutants=int(document["mutants"]),
            caught=int(document["caught"]),
            explained=int(document["explained"]),
            rests_on=str(document["rests_on"]),
        )

    for unit_id in (unit.id, *unit.was):
        again = f"parity strength {unit.id} --evidence"
        found = _read(config, STRENGTH, file_name(unit_id), proof, again)
        if found is not None:
            return found
    return None


# ---------------------------------------------------------------- stages


def write_stage(config: Config, workflow: str, record: StageRecord) -> Path:
    """Writes how far a workflow has come; gives the file."""
    document = {"stage": record.stage, "units": sorted(record.units), **record.facts}
    return _write(config, STAGES, workflow, document)


def forget_stage(config: Config, workflow: str) -> None:
    """Forgets how far a workflow had come: its units are only proven again."""
    _file(config, STAGES, workflow).unlink(missing_ok=True)


def read_stages(config: Config) -> dict[str, StageRecord]:
    """How far each workflow has come. Raises ParityError."""
    found = {}
    for file in sorted((evidence_folder(config) / STAGES).glob("*.json")):
        try:
            document = dict(json.loads(file.read_bytes()))
            stage, units = str(document.pop("stage")), document.pop("units")
            if stage not in ("shadow", "cut-over"):
                raise ValueError(stage)
            found[file.stem] = StageRecord(stage, tuple(map(str, units)), document)
        except (ValueError, LookupError, TypeError) as error:
            raise ParityError(
                "the record of a stage cannot be read",
                where=str(file),
                why=f'it is not {{"stage": "shadow" or "cut-over", "units": […]}} ({error})',
                next_step="mend it, or delete it: then its units are only proven",
            ) from None
    return found


# ---------------------------------------------------------------- files


def _file(config: Config, folder: str, name: str) -> Path:
    return evidence_folder(config) / folder / f"{name}.json"


def _write(config: Config, folder: str, name: str, document: Mapping[str, Any]) -> Path:
    file = _file(config, folder, name)
    text = json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n"
    write_text(file, text, f"the evidence of `{name}`")
    return file


def _read(
    config: Config, folder: str, name: str, noun: Callable[[Any], Noun], again: str
) -> Noun | None:
    file = _file(config, folder, name)
    try:
        data = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return None
    try:
        document = json.loads(data)
        if document["evidence"] != SCHEMA:
            raise ValueError(f"version {document['evidence']!r} is not known to this parity")
        return noun(document)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ParityError(
            "a file of evidence cannot be read",
            where=str(file),
            why=f"it is not what parity writes ({error})",
            next_step=f"write it again: {again}",
        ) from None
