"""`parity port --skeleton` for every unit of the sample and for functions of published servers:
all of it compiles with -Xlint:all -Werror, and what has fixtures differs. Line 8.9.

    python bench/skeletons.py [--only NAME …] [--functions N] [--folder DIR]

Functions of servers are taken evenly from all that are there, as many of each server.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "bench"))
SERVERS = ROOT / "bench" / "scan.toml"
SAMPLE = "legacy_py"


def main() -> int:
    """Prints what came of each; 1 where something does not compile or does not differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--functions", type=int, default=100)
    parser.add_argument("--folder", type=Path)
    options = parser.parse_args()
    servers = tomllib.loads(SERVERS.read_text("utf-8"))["server"]
    wanted = options.only or [SAMPLE, *servers]
    share = -(-options.functions // len(servers))
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        met = True
        for name in wanted:
            place = folder / name
            place.mkdir(parents=True, exist_ok=True)
            if name == SAMPLE:
                met = _sample(place) and met
            else:
                met = _server(name, servers[name], folder, share) and met
    print("met" if met else "NOT MET")
    return 0 if met else 1


def _sample(place: Path) -> bool:
    config = f'sources = ["{ROOT / SAMPLE}"]\nfixtures = "{ROOT / "tests/fixtures"}"\n'
    units = _units(place, config)
    return _compiles(SAMPLE, place, units) and _differ(place)


def _server(name: str, server: dict[str, object], folder: Path, share: int) -> bool:
    from scan import _download

    _download(name, server, folder)
    place = folder / f"{name}-port"
    place.mkdir(exist_ok=True)
    root = folder / name / "root"
    if not root.is_dir():
        root.mkdir()
        package = folder / name / str(server["package"])
        (root / package.name).symlink_to(package)
    exclude = json.dumps(server["without"])
    units = _units(place, f'sources = ["{root}"]\n[scan]\nexclude = {exclude}\n')
    step = max(1, len(units) // share)
    return _compiles(name, place, units[::step][:share])


def _units(place: Path, config: str) -> list[str]:
    text = config + '[java]\nclasspath = ["classes"]\n'
    (place / "parity.toml").write_text(text, "utf-8")
    units = json.loads(_parity(place, "status", "--json").stdout)["units"]
    return [one["id"] for one in units]


def _compiles(name: str, place: Path, units: Sequence[str]) -> bool:
    done = _parity(place, "port", *units, "--skeleton", "--out", str(place), "--json")
    if not done.stdout:
        print(f"{name}: {done.stderr.strip()[-600:]}")
        return False
    made = json.loads(done.stdout)["units"]
    accepted = [one["id"] for one in made if one["status"] == "accepted"]
    sources = [str(one) for one in sorted((place / "src/main/java").rglob("*.java"))]
    command = ["javac", "-Xlint:all", "-Werror", "--release", "17", "-encoding", "UTF-8"]
    compiled = subprocess.run(
        [*command, "-d", str(place / "classes"), *sources],
        capture_output=True,
        text=True,
        check=False,
    )
    good = compiled.returncode == 0 and len(accepted) == len(units)
    words = "compiles" if compiled.returncode == 0 else "does not compile"
    print(f"{name}: {len(accepted)} of {len(units)} units, {len(sources)} files: {words}")
    for one in made:
        if one["status"] != "accepted":
            print(f"  refused: {one['id']}: {one['reason']}")
    print("".join(f"  {line}\n" for line in compiled.stderr.splitlines()[:20]), end="")
    return good


def _differ(place: Path) -> bool:
    fixtures = ROOT / "tests/fixtures"
    units = json.loads(_parity(place, "status", "--json").stdout)["units"]
    known = [
        one["id"]
        for one in units
        if (fixtures / "/".join(one["id"].split(":"))).with_suffix(".jsonl").is_file()
        or (fixtures / f"{one['id'].replace(':', '/')}.jsonl").is_file()
    ]
    done = _parity(place, "run", "--json", *known)
    if not done.stdout:
        print(f"run: {done.stderr.strip()[-800:]}")
        return False
    report = json.loads(done.stdout)["units"]
    other = [one for one in report if one["verdict"] != "differs"]
    print(f"{len(report) - len(other)} of {len(report)} units with fixtures differ")
    for one in other:
        first = one["findings"][0] if one["findings"] else {}
        about = first.get("note") or first.get("java") or one.get("trouble") or ""
        print(f"  {one['verdict']}: {one['id']}: {str(about)[:200]}")
    return not other


def _parity(place: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "parity", "-C", str(place), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


if __name__ == "__main__":
    sys.exit(main())
