"""How long `parity map` takes over 5,000 classes, and `parity status` over 5,000 units and 500
commits, packed as in any clone: whole processes, cold (nothing kept in .parity but the scan) and
warm. Line 8.7.

    python bench/ledger.py [--classes N] [--units N] [--commits N] [--rounds N]
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MAP_SECONDS, STATUS_SECONDS = 0.6, 2.0
PER_MODULE = 50
GIT = ["git", "-c", "user.name=bench", "-c", "user.email=bench@example.org"]


def main() -> int:
    """Prints the times; 1 where one of the warm ones is over its bound."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--classes", type=int, default=5000)
    parser.add_argument("--units", type=int, default=5000)
    parser.add_argument("--commits", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    try:
        _make(folder, options.units, options.classes)
        _history(folder, options.units, options.commits)
        _timed(folder, "status", "--json")  # scans
        met = True
        for name, bound, arguments in (
            ("map", MAP_SECONDS, ["map", "--json"]),
            ("status", STATUS_SECONDS, ["status", "--json", "--burndown", "--against", "main~9"]),
        ):
            shutil.rmtree(folder / ".parity/cache", ignore_errors=True)
            cold, out = _timed(folder, *arguments)
            warm = statistics.median(_timed(folder, *arguments)[0] for _ in range(options.rounds))
            found = json.loads(out)
            count = len(found["units"])
            print(f"{name}: cold {cold:.2f} s, warm {warm:.2f} s (bound {bound} s), {count} units")
            if name == "status":
                states = {k: n for k, n in found["totals"]["units"].items() if n}
                print(f"  {states}; {len(found['burndown'])} points of the burndown")
            met = met and warm <= bound
    finally:
        shutil.rmtree(folder)
    print("met" if met else "NOT MET")
    return 0 if met else 1


def _make(folder: Path, units: int, classes: int) -> None:
    """Modules of fifty functions, a class a function, a map for all of them."""
    tables = []
    for at in range(0, units, PER_MODULE):
        module = f"m{at // PER_MODULE}"
        body = [
            f"def work_{n}(left, right):\n    if left > right:\n        return left - right\n"
            f"    return work_{max(at, n - 1)}(left, right - {n})\n"
            for n in range(at, min(units, at + PER_MODULE))
        ]
        _write(folder / f"src/pack/{module}.py", "\n\n".join(body))
    for n in range(units):
        tables.append(f'[unit."pack.m{n // PER_MODULE}:work_{n}"]\njava = "pack.Work{n}#work"\n')
    _write(folder / "src/pack/__init__.py", "")
    _write(folder / "parity.map.toml", "\n".join(tables))
    config = 'sources = ["src"]\n[java]\nclasspath = ["classes"]\n'
    _write(folder / "parity.toml", config)
    _write(folder / ".gitignore", ".parity/\nclasses/\n")
    for at in range(0, classes, 1000):
        sources = []
        for n in range(at, min(classes, at + 1000)):
            path = folder / f"java/pack/Work{n}.java"
            _write(
                path,
                f"package pack;\npublic final class Work{n} {{\n"
                f"  public static long work(long left, long right) {{\n"
                f"    return left - right * {n};\n  }}\n"
                f'  static String name() {{ return "{n}"; }}\n}}\n',
            )
            sources.append(str(path))
        command = ["javac", "-nowarn", "-d", str(folder / "classes"), *sources]
        subprocess.run(command, check=True, capture_output=True)


def _history(folder: Path, units: int, commits: int) -> None:
    """Evidence for nine tenths of the units, a batch with each commit."""
    sys.path.insert(0, str(ROOT))
    import datetime

    from parity.config import find_config
    from parity.content import Content
    from parity.evidence.basis import unit_hash
    from parity.evidence.committed import Proof, write
    from parity.evidence.java_source import java_sources
    from parity.evidence.normal import normal_hash
    from parity.mapping import read_map
    from parity.model import Verdict

    config = find_config(folder)
    content = Content()
    today = datetime.datetime.now(datetime.UTC).date()
    _git(folder, "init", "-q", "-b", "main")
    _git(folder, "add", "-A")
    _git(folder, "commit", "-qm", "start")
    proven = list(read_map(config))[: units * 9 // 10]
    batch = max(1, len(proven) // max(1, commits - 1))
    root = f"{config.root}/"
    for at in range(0, len(proven), batch):
        for unit in proven[at : at + batch]:
            name = unit.java_text.partition("#")[0]
            inner = name.replace(".", "/")
            module = f"src/{unit.id.partition(':')[0].replace('.', '/')}.py"
            rests = {
                "fixtures": "missing",
                "unit": unit_hash(unit, today),
                "modules": {module: normal_hash(content, root + module)},
                "classes": {name: normal_hash(content, f"{root}classes/{inner}.class")},
                "java sources": java_sources(root, content, [name]),
            }
            write(config, Proof(unit.id, Verdict.MATCHED, {Verdict.MATCHED: 40}, rests))
        _git(folder, "add", "tests/evidence")
        _git(folder, "commit", "-qm", f"proven up to {at}")
    _git(folder, "gc", "--quiet")


def _git(folder: Path, *arguments: str) -> None:
    subprocess.run([*GIT, *arguments], cwd=folder, check=True, capture_output=True)


def _timed(folder: Path, *arguments: str) -> tuple[float, str]:
    command = [sys.executable, "-m", "parity", "-C", str(folder), *arguments]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise SystemExit(f"parity {arguments[0]} gave {done.returncode}: {done.stderr[-1000:]}")
    return seconds, done.stdout


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    sys.exit(main())
