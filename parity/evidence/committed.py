"""Evidence as it is committed: a small sorted file a unit, without values, times and places.

`status`, `--against` and `cutover` read it where nothing was run. A unit without such a file is
not proven.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.evidence.basis import Basis
from parity.evidence.java_source import java_sources
from parity.evidence.nouns import Evidence
from parity.evidence.python_side import distribution
from parity.mapping import file_name
from parity.model import Unit, UnitReport, Verdict

SCHEMA = 1
COUNTED = tuple(Verdict)


@dataclass(frozen=True, slots=True)
class Proof:
    """What is committed of a unit: its verdict, its counts, and hashes of what they rest on."""

    unit: str
    verdict: Verdict
    counts: Mapping[Verdict, int]
    rests_on: Mapping[str, Any] = field(default_factory=dict)

    @property
    def open(self) -> int:
        """How many fixtures differ or are unknown."""
        return self.counts.get(Verdict.DIFFERS, 0) + self.counts.get(Verdict.UNKNOWN, 0)


def proof_of(report: UnitReport, evidence: Evidence | None, basis: Basis) -> Proof:
    """What there is to commit of a unit after a run; one that did not run rests on nothing."""
    rests_on = {}
    if evidence is not None and report.trouble is None:
        rests_on = _rests_on(evidence, basis)
    return Proof(report.unit.id, report.verdict, dict(report.counts), rests_on)


def write(config: Config, proof: Proof) -> None:
    """Writes the file of a unit; one that says the same already is left alone."""
    file = evidence_folder(config) / f"{file_name(proof.unit)}.json"
    write_text(file, text_of(proof), f"the evidence of `{proof.unit}`")


def write_text(file: Path, text: str, what: str) -> None:
    """Writes a file of evidence whole; one that says the same already is left alone."""
    try:
        if file.is_file() and file.read_text("utf-8") == text:
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.tmp")
        temporary.write_text(text, "utf-8")
        temporary.replace(file)
    except OSError as error:
        raise ParityError(
            f"{what} cannot be written",
            where=str(file),
            why=error.strerror or str(error),
            next_step="check `evidence` in the config and the rights of that folder",
        ) from None


def read(config: Config, unit: Unit) -> Proof | None:
    """What is committed of a unit, under its id or one that it had; None: it is not proven."""
    for unit_id in (unit.id, *unit.was):
        file = f"{config.root}/{config.table.evidence}/{file_name(unit_id)}.json"
        try:
            with open(file, "rb") as opened:
                data = opened.read()
        except (FileNotFoundError, NotADirectoryError):
            continue
        return parsed(data, file)
    return None


def forget_others(config: Config, units: Sequence[Unit]) -> list[Path]:
    """Removes the files of units that are no longer in the map; gives those that it removed."""
    folder = evidence_folder(config)
    known = {f"{file_name(unit.id)}.json" for unit in units}
    gone = [
        file
        for file in sorted(folder.rglob("*.json"))
        if file.relative_to(folder).as_posix() not in known
        and not is_of_more(file.relative_to(folder).as_posix())
        and _is_ours(file)
    ]
    for file in gone:
        file.unlink()
    return gone


def is_of_more(path: str) -> bool:
    """Whether a file in the folder of the evidence is of more than one unit (evidence/whole.py)."""
    return path.startswith("@")


def evidence_folder(config: Config) -> Path:
    """The folder of the committed evidence."""
    return config.root / config.table.evidence


def text_of(proof: Proof) -> str:
    """The text of a unit's file: sorted, one fact a line, so that branches merge."""
    document = {
        "evidence": SCHEMA,
        "unit": proof.unit,
        "verdict": proof.verdict.value,
        "fixtures": {verdict.value: proof.counts.get(verdict, 0) for verdict in COUNTED},
        "rests_on": proof.rests_on,
    }
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True) + "\n"


def parsed(data: bytes, where: str) -> Proof:
    """The proof that a file holds. Raises ParityError where it holds none."""
    try:
        document = json.loads(data)
        if document["evidence"] != SCHEMA:
            raise ValueError(f"version {document['evidence']!r} is not known to this parity")
        counted = document["fixtures"].items()
        counts = {Verdict(name): int(count) for name, count in counted if count}
        verdict = Verdict(document["verdict"])
        return Proof(str(document["unit"]), verdict, counts, document.get("rests_on", {}))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        raise ParityError(
            "a file of evidence cannot be read",
            where=where,
            why=f"it is not what `parity run --evidence` writes ({error})",
            next_step="write it again with `parity run --evidence`, or delete it: "
            "then the unit is not proven",
        ) from None


def _is_ours(file: Path) -> bool:
    try:
        document = json.loads(file.read_bytes())
    except (OSError, ValueError):
        return False
    return isinstance(document, dict) and "evidence" in document and "rests_on" in document


# ---------------------------------------------------------------- what it rests on


def _rests_on(evidence: Evidence, basis: Basis) -> dict[str, Any]:
    """Hashes that are the same on another machine; names of places are relative to a named root."""
    then = evidence.basis
    named = _Named(basis)
    return {
        "fixtures": then["fixtures"],
        "unit": then["unit"],
        "parity": _package_version(),
        "python": ".".join(then["python"].split(".")[:2]),
        "java": then["java"].partition(".")[0],
        "class path": named.class_path(),
        "classes": {name: kept for name, (_, kept) in evidence.classes.items() if kept},
        "java sources": java_sources(basis.root, basis.content, sorted(evidence.classes)),
        "resources": {
            name: [kept for kept in places if kept] for name, places in evidence.resources.items()
        },
        "modules": named.paths(evidence.modules),
        "hides": basis.hidden,
        "files": named.paths(evidence.files),
        "distributions": sorted(distribution(record) for record in evidence.distributions),
        "env": sorted(evidence.env),
        "beyond": sorted(named.sentence(one) for one in evidence.beyond),
    }


class _Named:
    """Names places by roots that every machine has, so that files of evidence are alike."""

    def __init__(self, basis: Basis) -> None:
        self._basis = basis
        home = str(Path.home())
        sites = [(site, "$SITE") for site in basis.interpreter.sites]
        self._roots = [
            *sites,
            (basis.interpreter.stdlib, "$PYTHON"),
            (str(basis.home), "$JDK"),
            (f"{home}/.m2/repository", "$MAVEN"),
            (home, "$HOME"),
        ]

    def paths(self, table: Mapping[str, str | None]) -> dict[str, str | None]:
        named = {self.path(path): kept for path, kept in table.items()}
        return {path: named[path] for path in sorted(named)}

    def path(self, path: str) -> str:
        """A path below the root of the project as it is; others below a named root."""
        if not path.startswith("/"):
            return path
        for root, name in self._roots:
            if path.startswith(f"{root}/"):
                return name + path.removeprefix(root)
        return f"$ELSEWHERE/{path.rpartition('/')[2]}"

    def sentence(self, text: str) -> str:
        return re.sub(r"/\S+", lambda found: self.path(found[0]), text)

    def class_path(self) -> str:
        """One hash for all jars, in order: by their contents, wherever they lie."""
        return self._basis.jars


def _package_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("parity-ledger")
    except PackageNotFoundError:
        return "unbuilt"
