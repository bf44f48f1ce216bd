"""Evidence as it was committed where a branch left another: what is worse than then?"""

from __future__ import annotations

import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile

from parity.config import Config
from parity.errors import ParityError
from parity.evidence.committed import Proof, evidence_folder, is_of_more, parsed
from parity.mapping import file_name
from parity.model import Unit, UnitReport, Verdict


@dataclass(frozen=True, slots=True)
class Base:
    """The evidence at the merge base with `ref`; `commit` is that commit."""

    ref: str
    commit: str
    proofs: Mapping[str, Proof]

    def proof(self, unit: Unit) -> Proof | None:
        """What was proven of a unit then, under its id or one that it had."""
        for unit_id in (unit.id, *unit.was):
            proof = self.proofs.get(file_name(unit_id))
            if proof is not None:
                return proof
        return None

    def worse(self, report: UnitReport) -> str | None:
        """In what a unit is worse than it was then, or None where it is not.

        A unit without evidence then was not proven: whatever is unknown of it now is no news, but
        that it differs is. What exits with 0 by itself is never worse.
        """
        if report.verdict.exit_status == 0:
            return None
        then = self.proof(report.unit)
        if then is None:
            differs = report.verdict is Verdict.DIFFERS
            return "it differs, and had no evidence" if differs else None
        if report.verdict.rank > then.verdict.rank:
            return f"it was {then.verdict}, and is {report.verdict}"
        differing = report.counts.get(Verdict.DIFFERS, 0)
        if differing > then.counts.get(Verdict.DIFFERS, 0):
            before = then.counts.get(Verdict.DIFFERS, 0)
            return f"{before} fixtures differed, and {differing} do"
        open_now = differing + report.counts.get(Verdict.UNKNOWN, 0)
        if open_now > then.open:
            return f"{then.open} fixtures differed or were unknown, and {open_now} are"
        return None


def base(config: Config, ref: str) -> Base:
    """The evidence at the merge base of HEAD and `ref`.

    Raises ParityError where the project is in no repository, `ref` is no commit, or nothing is
    shared with it.
    """
    top = top_of(config)
    if ref.startswith("-") or _status(top, "rev-parse", "-q", "--verify", f"{ref}^{{commit}}"):
        raise ParityError(
            f"there is no commit `{ref}`",
            where=str(top),
            why="git knows no branch, tag or commit of that name",
            next_step=f"fetch it, for example: git fetch origin {ref.removeprefix('origin/')}",
        )
    commit = _merge_base(top, ref)
    folder = evidence_folder(config).resolve()
    if not folder.is_relative_to(top.resolve()):
        raise ParityError(
            "the evidence is not in the repository",
            where=str(folder),
            why=f"the repository is {top}",
            next_step="let `evidence` in the config name a folder inside of it",
        )
    place = folder.relative_to(top.resolve()).as_posix()
    return Base(ref, commit, _proofs(top, commit, place))


def _merge_base(top: Path, ref: str) -> str:
    done = _run(top, "merge-base", "HEAD", ref)
    if done.returncode == 0:
        return done.stdout.decode().strip()
    shallow = _run(top, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    raise ParityError(
        f"HEAD and `{ref}` share no commit",
        where=str(top),
        why="the clone is shallow: it ends before the commit they share"
        if shallow
        else "git merge-base finds none",
        next_step="fetch the history: git fetch --unshallow (in CI: a fetch depth of 0)"
        if shallow
        else "name the branch that this one goes back to",
    )


def _proofs(top: Path, commit: str, folder: str) -> dict[str, Proof]:
    """Proofs by the name of their file, without its ending; all read by one process of git."""
    listed = _run(top, "ls-tree", "-r", "-z", "--full-tree", commit, "--", f"{folder}/").stdout
    names: list[str] = []
    wanted: list[bytes] = []
    for entry in filter(None, listed.split(b"\0")):
        about, _, path = entry.partition(b"\t")
        name = path.decode("utf-8", "surrogateescape")
        inside = name.removeprefix(f"{folder}/")
        if name.endswith(".json") and b" blob " in about and not is_of_more(inside):
            names.append(name)
            wanted.append(about.split()[2])
    if not names:
        return {}
    proofs = {}
    for name, data in zip(names, blobs(top, wanted), strict=True):
        key = name.removeprefix(f"{folder}/").removesuffix(".json")
        proofs[key] = parsed(data, f"{name} at {commit[:12]}")
    return proofs


def blobs(top: Path, names: Sequence[bytes]) -> list[bytes]:
    """What stands under names that git knows, `commit:path` too, by one process of it."""
    if not names:
        return []
    out = _run(top, "cat-file", "--batch", stdin=b"\n".join(names) + b"\n").stdout
    found: list[bytes] = []
    at = 0
    for _ in names:
        end = out.index(b"\n", at)
        about = out[at:end].split()
        if len(about) < 3 or not about[-1].isdigit():  # `… missing`
            found.append(b"")
            at = end + 1
            continue
        size = int(about[-1])
        found.append(out[end + 1 : end + 1 + size])
        at = end + 1 + size + 1
    return found


def top_of(config: Config) -> Path:
    """The folder of the repository that a project is in. ParityError where it is in none."""
    told = _git(config.root, "rev-parse", "--show-toplevel", what="is in no git repository")
    return Path(told).resolve()


def git(top: Path, *arguments: str) -> bytes:
    """What git prints. ParityError where it fails."""
    done = _run(top, *arguments)
    if done.returncode:
        _git(top, *arguments, what=f"has a history that git {arguments[0]} cannot tell")
    return done.stdout


def _status(top: Path, *arguments: str) -> int:
    return _run(top, *arguments).returncode


def _git(folder: Path, *arguments: str, what: str) -> str:
    done = _run(folder, *arguments)
    if done.returncode:
        raise ParityError(
            f"the project {what}",
            where=str(folder),
            why=done.stderr.decode("utf-8", "replace").strip().splitlines()[-1][:300]
            if done.stderr.strip()
            else f"git {arguments[0]} failed",
            next_step="run without --against, or from inside of a clone",
        )
    return done.stdout.decode("utf-8", "surrogateescape").strip()


def _run(folder: Path, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = ["git", "-C", str(folder), *arguments]
    try:
        # A file, since through a pipe Python hands over half a kilobyte at a time.
        with TemporaryFile() as file:
            file.write(stdin)
            file.seek(0)
            return subprocess.run(command, stdin=file, capture_output=True, check=False)
    except FileNotFoundError:
        raise ParityError(
            "git cannot be started",
            where=None,
            why="there is no program `git` on PATH, and --against asks it for the merge base",
            next_step="install git, or run without --against",
        ) from None
