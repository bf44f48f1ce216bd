"""Line 8.4: `parity decouple --write` on the sample, and on published packages with their tests.

python bench/decouple.py legacy
python bench/decouple.py packages [--only NAME…] [--most N]
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.errors import ParityError
from parity.pipeline.decouple import decouple, project_of, write

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ROOT / "bench" / "decouple.toml"


BESIDE = (
    "setup.py",
    "noxfile.py",
    "tasks.py",
    "conftest.py",
    "tools",
    "docs",
    "benchmarks",
    "examples",
)
"""What lies beside a package in its sdist, and nobody would port."""


@dataclass(frozen=True, slots=True)
class Coupling:
    """One that the sample's README lists: its unit, its kind, and tests that are run for it.

    The default ones are quick, and reach few of these units: `--tests tests/legacy` runs all.
    """

    unit: str
    kind: str
    tests: str


STATE = "tests/legacy/test_hosts.py"
LEGACY = (
    Coupling("sable.batch_move:now_ms", "clock", STATE),
    Coupling("sable.batch_move:_tell", "global state", STATE),
    Coupling("sable.batch_move:copy_chunks", "status on the way", STATE),
    Coupling("sable.fleet:Fleet.route", "global state", STATE),
    Coupling("sable.runner:Runner.__init__", "collaborator made in a constructor", STATE),
    Coupling("sable.runner:Runner.__init__", "threads", STATE),
    Coupling("sable.runner:Runner.__init__", "lock", STATE),
    Coupling("sable.server:ManagementServer.start", "random", STATE),
    Coupling("sable.settings:read_settings", "environment", STATE),
)


def main() -> int:
    """Exit status 1 where the line is not met."""
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["legacy", "packages"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--most", type=int, default=12)
    parser.add_argument("--tests", help="other tests of the sample")
    given = parser.parse_args()
    if given.what == "legacy":
        return legacy(given.tests)
    return packages(given.only, given.most)


def legacy(tests: str | None) -> int:
    """Each coupling by itself: written, the tests green, and `git diff` counted."""
    apart = 0
    for one in LEGACY:
        with tempfile.TemporaryDirectory() as folder:
            copy = Path(folder)
            for name in ("legacy_py", "tests/legacy"):
                shutil.copytree(ROOT / name, copy / name)
            (copy / "tests/__init__.py").touch()
            git(copy, "init", "-q")
            git(copy, "add", "-A")
            git(copy, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "before")
            project = project_of(copy, copy / "legacy_py")
            proposal = decouple(project, one.unit, [one.kind])
            project.config = None
            command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider"]
            command += [str(copy / name) for name in (tests or one.tests).split()]
            tried = write(project, proposal, command)
            gone, new = counted(git(copy, "diff", "-U0"))
            uses, seams = sum(s.uses for s in proposal.seams), len(proposal.seams)
            few = gone <= uses + 1 and new <= gone + seams
            done = tried.outcome == "written" and few
            apart += done
            print(
                f"{one.unit:<42}{one.kind:<36}{tried.outcome:<12}"
                f"{uses} uses: {gone} lines gone, {new} new",
                flush=True,
            )
            if tried.told:
                print(tried.told)
    print(f"{apart} of {len(LEGACY)} couplings taken apart, one by one, the tests green")
    return 0 if apart >= 5 else 1


def git(folder: Path, *words: str) -> str:
    """What git says."""
    return subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True
    ).stdout


def counted(diff: str) -> tuple[int, int]:
    """Lines that a diff takes away, and lines that it adds."""
    lines = [one for one in diff.splitlines() if not one.startswith(("---", "+++"))]
    return sum(one[0] == "-" for one in lines), sum(one[0] == "+" for one in lines)


def packages(only: list[str], most: int) -> int:
    """The share of proposals that apply and keep the tests of their package green."""
    table = tomllib.loads(PACKAGES.read_text("utf-8"))["package"]
    total: Counter[str] = Counter()
    for name, package in table.items():
        if only and name not in only:
            continue
        with tempfile.TemporaryDirectory() as folder:
            total += tried_on(name, package, Path(folder), most)
    made = total["written"] + total["taken back"]
    share = total["written"] / made if made else 0.0
    print(f"{total['written']} of {made} changes keep the tests green: {share:.1%}; {dict(total)}")
    return 0 if made and share >= 0.9 else 1


def tried_on(name: str, package: dict[str, Any], folder: Path, most: int) -> Counter[str]:
    """Tries units of one package, spread evenly where there are more than `most`."""
    found: Counter[str] = Counter()
    try:
        root = unpacked(name, package, folder)
    except (subprocess.CalledProcessError, StopIteration) as error:
        print(f"{name}: not there: {error}", flush=True)
        return found
    os.environ["PYTHONPATH"] = os.pathsep.join(
        [str(root / package["root"]), str(folder / "needs"), str(ROOT)]
    )
    project = project_of(root, root / package["root"])
    project.config = None
    scanned_root, project.root = project.root, project.root
    proposals, reasons = [], Counter[str]()
    for row in project.document["units"]:
        if "test" in row["file"] or row["file"].partition("/")[0] in BESIDE:
            continue
        try:
            proposal = decouple(project, row["id"])
        except ParityError as error:
            print(f"  {row['id']}: {error.why}")
            continue
        found["refused"] += len(proposal.refusals)
        reasons.update(one.kind for one in proposal.refusals)
        if proposal.seams:
            proposals.append(proposal)
    found["proposed"] += len(proposals)
    step = max(1, len(proposals) // most)
    for proposal in proposals[::step][:most]:
        place = scanned_root / proposal.file
        try:
            tried = write(_At(project, root), proposal, [sys.executable, *package["tests"]])
        except ParityError as error:
            print(f"{name}: its own tests do not run here: {error.why[-300:]}", flush=True)
            found["no tests"] += 1
            return found
        found[tried.outcome] += 1
        place.write_bytes(proposal.before)
        kinds = ", ".join(sorted({one.kind for one in proposal.seams}))
        print(f"  {name} {proposal.unit}: {kinds}: {tried.outcome}", flush=True)
        if tried.outcome == "taken back":
            print("    " + tried.told[-600:].replace("\n", "\n    "))
    print(f"{name}: {dict(found)}; refused: {dict(reasons)}", flush=True)
    return found


class _At:
    """A project whose tests are run in another folder than its source root."""

    def __init__(self, project: Any, folder: Path) -> None:
        self.config = type("At", (), {"root": folder})()
        self.place = project.place
        self.root = project.root
        self.roots = project.roots


def unpacked(name: str, package: dict[str, Any], folder: Path) -> Path:
    """The sdist of a package, with what its tests need beside it."""
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    subprocess.run(
        [*pip, "download", "--no-deps", "--no-binary", ":all:", "-d", str(folder / "sdist"),
         f"{name}=={package['version']}"], check=True,
    )  # fmt: skip
    if package["needs"]:
        subprocess.run(
            [*pip, "install", "--target", str(folder / "needs"), *package["needs"]], check=True
        )
    archive = next((folder / "sdist").iterdir())
    with tarfile.open(archive) as tar:
        tar.extractall(folder / "src", filter="data")
    return next((folder / "src").iterdir())


if __name__ == "__main__":
    sys.exit(main())
