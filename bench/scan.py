"""`parity scan` on real servers from PyPI: targets of calls, edges and I/O seen while their own
tests run, times and memory. `bench/scan.toml` names the servers.

    python bench/scan.py calls | runs | times | users [--only NAME …] [--folder FOLDER [--again]]
        [--without-users]

`calls` scans (line 8.1, its first half), `runs` also runs the tests (8.1, 8.2), `times` scans all
of them at once (8.3), `users` each by itself, with and without its tests as users. The servers
are downloaded into a temporary folder, or into --folder; with --again what was seen there counts,
and no test is run that was. Tests that take longer than --seconds are ended, what was seen until
then counts. With --without-users nothing of the tests is read for how they use the rest.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import tomllib
import zipfile
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from parity.scan.confirming import Units  # noqa: E402 - of this checkout, not of an installed one

SERVERS = ROOT / "bench" / "scan.toml"
FREE = ("pure", "stateful", "seedable")
LEAST_LINES = 100_000
TESTS_SECONDS = 900
TIMES = 3


def main() -> int:
    """Prints what was asked for; 1 where a line is not met, 2 where a server cannot be had."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["calls", "runs", "times", "users"])
    parser.add_argument("--only", nargs="*", default=[])
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--seconds", type=int, default=TESTS_SECONDS)
    parser.add_argument("--without-users", action="store_true")
    options = parser.parse_args()
    servers = tomllib.loads(SERVERS.read_text("utf-8"))["server"]
    chosen = {name: one for name, one in servers.items() if name in (options.only or servers)}
    with tempfile.TemporaryDirectory() as temporary:
        folder = (options.folder or Path(temporary)).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        for name, server in chosen.items():
            _download(name, server, folder)
        if options.what == "times":
            return _times(chosen, folder)
        if options.what == "users":
            return _users(chosen, folder)
        what = "again" if options.again and options.what == "runs" else options.what
        given = (folder, what, options.seconds, options.without_users)
        met = {name: _one(name, one, *given) for name, one in chosen.items()}
    decide = [name for name in met if not chosen[name].get("apart")] or list(met)
    apart = "; those apart are told, and do not count" if len(decide) < len(met) else ""
    print(f"met on {sum(met[name] for name in decide)} of {len(decide)}{apart}")
    return 0 if all(met[name] for name in decide) else 1


def _download(name: str, server: Mapping[str, Any], folder: Path) -> None:
    """The wheel of a server; with `source` what it is built from, where only that has its tests."""
    place = folder / name
    if (place / server["package"]).is_dir():
        return
    wanted, kind = f"{name}=={server['version']}", ":none:" if "source" in server else ":all:"
    given = folder / f"{name}.download"
    command = ["download", "-q", "--no-deps", "--only-binary", kind, wanted, "-d", str(given)]
    if "source" in server:
        command += ["--no-binary", ":all:"]
    subprocess.run([sys.executable, "-m", "pip", *command], check=True)
    (found,) = given.iterdir()
    if found.suffix == ".whl":
        with zipfile.ZipFile(found) as wheel:
            wheel.extractall(place)
        return
    with tarfile.open(found) as archive:
        archive.extractall(given, filter="data")
    found.unlink()
    (inside,) = given.iterdir()
    shutil.copytree(inside / server["source"], place, dirs_exist_ok=True)


def _root(server: Mapping[str, Any], place: Path) -> Path:
    """The source root; `root` tells it of a part of a namespace."""
    return place / server["root"] if "root" in server else (place / server["package"]).parent


def _scan(server: Mapping[str, Any], place: Path, *, alone: bool) -> dict[str, Any]:
    package, root = place / server["package"], _root(server, place)
    with tempfile.TemporaryDirectory() as temporary:
        what = [str(package)]
        if alone or "root" in server:
            top = package.relative_to(root).parts[0]
            others = [one.name for one in root.iterdir() if one.name != top]
            exclude = ["test", "tests", *(one for one in others if one.isidentifier())]
            users = [] if alone else ["test", "tests"]
            table = f"sources = ['{root}']\n[scan]\nexclude = {exclude}\nusers = {users}\n"
            (Path(temporary) / "parity.toml").write_text(table, "utf-8")
            what = []
        command = [sys.executable, "-m", "parity", "-C", temporary, "scan", *what, "--json"]
        env = {**os.environ, "PYTHONPATH": str(ROOT)}
        found = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=env)
    document: dict[str, Any] = json.loads(found.stdout)
    return document


# ---------------------------------------------------------------- calls and labels


def _one(
    name: str, server: Mapping[str, Any], folder: Path, what: str, seconds: int, alone: bool
) -> bool:
    place = folder / name
    document = _scan(server, place, alone=alone)
    units, totals = document["units"], document["totals"]
    apart = f"  ({server['apart']})" if server.get("apart") else ""
    print(f"== {name} {server['version']}{apart}: {document['files']} files, "
          f"{document['lines']} lines, {len(units)} units")  # fmt: skip
    calls = totals["calls"]
    share = calls["resolved"] / max(1, calls["resolved"] + calls["unresolved"])
    print(f"calls within it with a target: {share:.1%}  ({calls['resolved']} of "
          f"{calls['resolved'] + calls['unresolved']}; {calls['outside']} leave it)")  # fmt: skip
    print("  found by: " + ", ".join(f"{how} {n}" for how, n in totals["how"].items()))
    for why, number in totals["reasons"].items():
        print(f"  {number:5} not: {why}")
    for key in ("own_class", "class"):
        shares = ", ".join(f"{k} {n / len(units):.1%}" for k, n in totals[key].items())
        print(f"{key}: {shares}")
    for why, number, only in _opaque(units):
        print(f"  {number:5} opaque by themselves ({only} by it alone): {why}")
    opaque = totals["own_class"]["opaque"] / len(units)
    met = bool(share >= 0.95 and opaque <= 0.10)
    seen = place / "seen.json"
    if what == "runs" or (what == "again" and not seen.is_file()):
        seen.unlink(missing_ok=True)
        _run_tests(server, place, seen, seconds)
    if what != "calls":
        met = _told(place, seen, document, _root(server, place)) and met
    print("met" if met else "NOT MET")
    return met


def _opaque(units: list[dict[str, Any]]) -> Iterator[tuple[str, int, int]]:
    """What makes units opaque by themselves, most frequent first; how many by it alone."""
    found: Counter[str] = Counter()
    alone: Counter[str] = Counter()
    for unit in units:
        if unit["own_class"] == "opaque":
            reasons = set(_reasons(unit))
            found.update(reasons)
            alone.update(reasons if len(reasons) == 1 else ())
    for why, number in sorted(found.items(), key=lambda one: (-one[1], one[0])):
        yield why, number, alone[why]


def _reasons(unit: dict[str, Any]) -> Iterator[str]:
    untargeted = {(one["text"], one["line"]): one["why"] for one in unit["unresolved"]}
    for effect in unit["effects"]:
        if effect["via"] or effect["kind"] not in ("unknown", "dynamic"):
            continue
        why = untargeted.get((effect["api"], effect["line"]))
        if why is not None:
            yield why
        elif effect["kind"] == "dynamic" or " " in effect["api"]:
            yield effect["api"]
        else:
            yield f"not listed: {effect['api'].partition('.')[0]}"


def _run_tests(server: Mapping[str, Any], place: Path, out: Path, seconds: int) -> None:
    needs = place / "needs"
    if server["needs"] and not needs.is_dir():
        command = ["install", "-q", "--target", str(needs), *server["needs"]]
        subprocess.run([sys.executable, "-m", "pip", *command], check=True)
        shutil.rmtree(needs / Path(server["package"]).name, ignore_errors=True)
    package = place / server["package"]
    tests = [str(package / one) for one in server["without"]]
    tests += [str(place / one) for one in server.get("beside", ())]
    arguments = [one.format(root=place) for one in server["tests"]]
    watch = str(ROOT / "bench" / "scan_watch.py")
    command = [sys.executable, watch, str(seconds), str(out), str(package), *tests]
    command += ["--", *arguments]
    env = {**os.environ, "PYTHONPATH": f"{_root(server, place)}{os.pathsep}{needs}"}
    with (place / "tests.log").open("wb") as log:
        try:
            subprocess.run(command, cwd=place, env=env, stdin=subprocess.DEVNULL, stdout=log,
                           stderr=log, timeout=seconds + 60, check=False)  # fmt: skip
        except subprocess.TimeoutExpired:
            print("its tests did not end in time")


def _told(place: Path, seen: Path, document: Mapping[str, Any], root: Path) -> bool:
    told = (place / "tests.log").read_text("utf-8", "replace").strip().splitlines()
    print(f"its tests: {told[-1] if told else 'silent'}")
    if not seen.is_file():
        print("  nothing was seen")
        return False
    return _score(json.loads(seen.read_text("utf-8")), root, document)


def _score(seen: Mapping[str, Any], root: Path, document: Mapping[str, Any]) -> bool:
    units = Units(document["units"], root)
    static = {unit["id"]: {call["to"] for call in unit["calls"]} for unit in document["units"]}
    halves = [_edges(units, half) for half in seen["halves"]]
    ran = {unit["id"] for unit in map(units.of, seen["ran"]) if unit is not None}
    return tell_edges(static, halves, ran) & _score_io(seen, units, ran)


def tell_edges(
    static: Mapping[str, set[str]], halves: list[set[tuple[str, str]]], ran: set[str]
) -> bool:
    """Prints what was found of the edges seen in two halves of the tests; whether it is enough."""
    edges = halves[0] | halves[1]
    missed = sorted(edge for edge in edges if edge[1] not in static[edge[0]])
    recall = 1 - len(missed) / max(1, len(edges))
    print(f"edges seen: {len(edges)}, of them found: {recall:.3f}")
    for one, other in missed[:90]:
        print(f"  missed: {one} -> {other}")
    confirmed = _confirmed(static, halves)
    called = [(a, b) for a, targets in static.items() if a in ran for b in targets if b in ran]
    right = sum(pair in edges for pair in called)
    print(f"of {len(called)} edges between units that ran, {right / max(1, len(called)):.1%} "
          "were seen: no less is right")  # fmt: skip
    return recall >= 0.97 and confirmed >= 0.985


def _edges(units: Units, rows: list[list[list[Any]]]) -> set[tuple[str, str]]:
    """Edges between units; what only the interpreter calls, when it frees an object, is none."""
    found: set[tuple[str, str]] = set()
    for caller, callee in rows:
        one, other = units.of(caller, enclosing=True), units.of(callee)
        if one is None or other is None or callee[2] == "__del__":
            continue
        if one["id"] != other["id"]:
            found.add((one["id"], other["id"]))
    return found


def _confirmed(static: Mapping[str, set[str]], halves: list[set[tuple[str, str]]]) -> float:
    """What is found of the edges of one half of the tests, with those of the other half added."""
    shares = []
    for known, scored in (halves, reversed(halves)):
        found = [edge for edge in scored if edge[1] in static[edge[0]] or edge in known]
        shares.append(len(found) / max(1, len(scored)))
    print("with --confirm on one random half of the tests, found of the edges of the other: "
          + ", ".join(f"{share:.3f}" for share in shares))  # fmt: skip
    return min(shares)


def _score_io(seen: Mapping[str, Any], units: Units, ran: set[str]) -> bool:
    did = {u["id"]: u for u in map(units.enclosed, seen["io"]) if u is not None}
    own = {u["id"]: u for u in map(units.enclosed, seen["own"]) if u is not None}
    free = [u for u in units.all if u["class"] in FREE and u["id"] in ran]
    wrong = [u["id"] for u in free if u["id"] in did]
    silent = [u["id"] for u in own.values() if u["own_class"] in FREE]
    print(f"of {len(free)} units that ran and are labelled free of I/O, {len(wrong)} did I/O")
    for one in wrong[:20]:
        print(f"  wrong: {one}")
    print(f"of {len(own)} seen doing I/O in their own bodies, {len(silent)} are missed silently")
    for one in silent[:20]:
        print(f"  silent: {one}")
    return not wrong and not silent


# ---------------------------------------------------------------- times


def _times(servers: Mapping[str, Mapping[str, Any]], folder: Path) -> int:
    """All servers below one root, tests and all, several times over until there is enough."""
    root = folder / "all"
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for name, server in servers.items():
        package = Path(server["package"])
        shutil.copytree(folder / name / package, root / package.name)
    (root / "parity.toml").write_text('sources = ["."]\n[scan]\nexclude = []\n', "utf-8")
    lines = _lines(root)
    print(f"{lines} lines of {len(servers)} servers with their tests")
    met = lines >= LEAST_LINES
    for what, limit in _cases(root):
        seconds, cpu, megabytes = _timed(root)
        scaled = seconds * LEAST_LINES / lines if what == "cold" else seconds
        within = scaled <= limit and megabytes * 1e6 / lines <= 3000
        met = met and within
        told = "" if within else "  NOT MET"
        print(f"{what}: {seconds:.2f} s, of them {cpu:.2f} on the processor "
              f"({scaled:.2f} s for 100,000 lines; at most {limit}), "
              f"{megabytes * 1000 / lines:.2f} kB a line{told}")  # fmt: skip
    for name, server in servers.items():
        own = root / Path(server["package"]).name
        _change(_largest(own.rglob("*.py")))
        print(f"the largest file of {name}, {_lines(own)} lines, changed: {_timed(root)[0]:.2f} s")
    return 0 if met else 1


def _users(servers: Mapping[str, Mapping[str, Any]], folder: Path) -> int:
    """Each server from nothing, unchanged and with a changed file: the least of three times."""
    for name, server in servers.items():
        package = folder / name / server["package"]
        root = folder / "users"
        for users in ("[]", '["test", "tests"]'):
            best: dict[str, tuple[float, float, float]] = {}
            for _ in range(TIMES):
                shutil.rmtree(root, ignore_errors=True)
                shutil.copytree(package, root / "src" / package.name)
                for beside in server.get("beside", ()):
                    shutil.copytree(folder / name / beside, root / beside)
                config = f'sources = ["src"]\n[scan]\nusers = {users}\n'
                (root / "parity.toml").write_text(config, "utf-8")
                for what, _ in _cases(root / "src", without=("test", "tests")):
                    best[what] = min(best.get(what, (1e9, 0.0, 0.0)), _timed(root))
            told = "; ".join(
                f"{what} {seconds:.2f} s ({cpu:.2f} on the processor), {megabytes:.0f} MB"
                for what, (seconds, cpu, megabytes) in best.items()
            )
            print(f"{name}, users = {users}: {told}")
    return 0


def _cases(root: Path, without: Collection[str] = ()) -> Iterator[tuple[str, float]]:
    yield "cold", 10.0
    yield "unchanged", 0.4
    files = [one for one in root.rglob("*.py") if not any(part in without for part in one.parts)]
    file = _largest(files)
    file.write_text("# a comment\n" + file.read_text("utf-8"), "utf-8")
    yield "one file changed that means the same", 1.0
    _change(file)
    yield "one file changed", 1.0


def _lines(folder: Path) -> int:
    return sum(one.read_bytes().count(b"\n") for one in folder.rglob("*.py"))


def _largest(files: Iterable[Path]) -> Path:
    return max(files, key=lambda one: one.stat().st_size)


def _change(file: Path) -> None:
    """Gives a file a function more."""
    file.write_text(file.read_text("utf-8") + "\n\ndef added(x):\n    return x\n", "utf-8")


def _timed(root: Path) -> tuple[float, float, float]:
    """Seconds, seconds of the processor, and the most memory in megabytes."""
    command = [sys.executable, "-m", "parity", "-C", str(root), "scan", "--json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    began = time.perf_counter()
    with (root.parent / "out.json").open("wb") as out:
        process = subprocess.Popen(command, stdout=out, env=env)
        _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - began
    if status:
        raise SystemExit(2)
    scale = 1024 if sys.platform != "darwin" else 1
    return seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * scale / 1e6


if __name__ == "__main__":
    sys.exit(main())
