"""Measures `parity run` beside loops written by hand: `python bench/engine.py [--short]`.

Peer A is what a team writes first (pytest over the fixtures, JPype value by value, DeepDiff each),
peer B the shortest fair loop (JPype, one JSON text in and one out, `==` first), the limit is the
time of both sides' functions alone. All run in turn, in one run; a ratio is that of one round, and
what is told is the median of the rounds. Exits with 1 where a criterion is not met.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
from rich.console import Console
from rich.table import Table

from bench.project import ROOT, folder_for, java_program
from bench.speed import processes
from bench.speed.cases import PYTHON, Bench, Case
from bench.speed.criteria import Criterion, tell
from bench.speed.processes import Ended, Failed, Held, Loop, Parity
from bench.speed.profile import profiled
from bench.speed.report import write_docs

PARTS = ("whole", "loop", "states", "memory", "desk")
PEER_A_ROUNDS_FROM = 10_000  # from so many fixtures on, --a-rounds counts for peer A
WATCHED = 60.0


@dataclass(slots=True)
class Seen:
    """What was measured: for each case and subject the figures of all rounds."""

    rounds: dict[str, dict[str, list[float]]] = field(default_factory=dict)
    parity: dict[str, list[dict[str, float]]] = field(default_factory=dict)
    troubles: list[str] = field(default_factory=list)

    def add(self, case: str, subject: str, figure: float) -> None:
        """One figure of one round."""
        self.rounds.setdefault(case, {}).setdefault(subject, []).append(figure)

    def median(self, case: str, subject: str) -> float | None:
        """The median of a subject, where it was measured."""
        figures = self.rounds.get(case, {}).get(subject)
        return statistics.median(figures) if figures else None

    def ratio(self, case: str, over: str, under: str) -> float | None:
        """The median of the rounds' ratios."""
        rounds = self.rounds.get(case, {})
        pairs = list(zip(rounds.get(over, []), rounds.get(under, []), strict=False))
        return statistics.median(a / b for a, b in pairs) if pairs else None


@dataclass(frozen=True, slots=True)
class Wish:
    """What to measure, and how often."""

    rounds: int
    a_rounds: int
    short: bool
    parts: frozenset[str]
    profile: bool = False


# ---------------------------------------------------------------- whole processes


def whole_cases(wish: Wish) -> list[tuple[Case, str]]:
    """Each case with its subjects: a, b, p(arity)."""
    cases = [
        (Case("tiny", "method", 1000), "abp"),
        (Case("medium", "method", 1000), "abp"),
        (Case("tiny", "method", 10_000), "abp"),
        (Case("medium", "method", 10_000), "abp"),
        (Case("tiny", "naive", 10_000), "bp"),
        (Case("medium", "naive", 10_000), "abp"),
    ]
    if wish.short:
        return cases
    return [
        *cases,
        (Case("heavy", "method", 100), "abp"),
        (Case("tiny", "method", 100_000), "bp"),
        (Case("medium", "method", 100_000), "bp"),
        (Case("medium", "map", 1000), "bp"),
        (Case("medium", "pojo", 1000), "bp"),
        (Case("medium", "map", 10_000), "bp"),
        (Case("medium", "pojo", 10_000), "bp"),
        (Case("tiny", "map", 10_000), "bp"),
        (Case("tiny", "pojo", 10_000), "bp"),
    ]


def measure_whole(bench: Bench, wish: Wish, seen: Seen) -> None:
    """All subjects of all cases in turn, round by round, each first in some round."""
    cases = whole_cases(wish)
    for case, _ in cases:
        guarded(seen, partial(processes.parity_run, bench, case), "warming up")
    for number in range(wish.rounds):
        for case, subjects in cases:
            turn = number % len(subjects)
            for subject in subjects[turn:] + subjects[:turn]:
                if subject == "a" and case.count >= PEER_A_ROUNDS_FROM and number >= wish.a_rounds:
                    continue
                tell_progress(f"round {number + 1}: {case.name}, {subject}")
                guarded(seen, partial(_whole, bench, case, subject, seen), case.name)


def _whole(bench: Bench, case: Case, subject: str, seen: Seen) -> None:
    ran: Ended | Loop | Parity
    if subject == "a":
        ran = processes.pytest_run(bench, case)
    elif subject == "b":
        ran = processes.loop_run(bench, case)
        seen.add(case.name, "b: in the loop", ran.loop)
    else:
        ran = processes.parity_run(bench, case)
        seen.parity.setdefault(case.name, []).append(ran.report["times"])
    name = {"a": "a", "b": "b", "p": "parity"}[subject]
    seen.add(case.name, name, ran.seconds)
    seen.add(case.name, f"{name}: processors", ran.processor)


def whole_criteria(seen: Seen) -> list[Criterion]:
    """Line 1: whole process."""

    def ratio(name: str, peer: str, least: float, text: str) -> Criterion:
        figure = seen.ratio(name, peer, "parity")
        what = f"{name}: {text}"
        note = processors(name, peer, "parity")
        return Criterion("4.1", what, figure, least, "×", at_least=True, note=note)

    def processors(name: str, over: str, under: str) -> str:
        spent = seen.ratio(name, f"{over}: processors", f"{under}: processors")
        return f"{spent:.3g} × by processor time" if spent else ""

    a, b = "times faster than pytest by hand (A)", "times faster than the shortest loop (B)"
    found = [
        ratio("tiny method 1k", "a", 2.5, a),
        ratio("tiny method 10k", "a", 12, a),
        ratio("medium method 1k", "a", 8, a),
        ratio("medium method 10k", "a", 40, a),
        ratio("medium naive 10k", "a", 6, f"a tenth differs, {a}"),
    ]
    for unit in ("tiny", "medium"):
        name = f"{unit} method 1k"
        slower = seen.ratio(name, "parity", "b")
        what, note = f"{name}: time of B that it takes", processors(name, "parity", "b")
        found.append(Criterion("4.1", what, slower, 1.3, "×", note=note))
        found.append(ratio(f"{unit} method 10k", "b", 1.5, b))
        found.append(ratio(f"{unit} method 100k", "b", 2.5, b))
    return found


# ---------------------------------------------------------------- in the loop


LOOPS = [
    (Case("medium", "method", 10_000), 2.0),
    (Case("medium", "map", 10_000), 2.0),
    (Case("medium", "pojo", 10_000), 3.5),
    (Case("tiny", "method", 10_000), 4.0),
    (Case("tiny", "map", 10_000), 4.0),
    (Case("tiny", "pojo", 10_000), 8.0),
]


def measure_loop(bench: Bench, wish: Wish, seen: Seen) -> None:
    """Parity's loop beside the limit, in turn."""
    for number in range(wish.rounds):
        for case, _ in LOOPS:
            tell_progress(f"round {number + 1}: {case.name} against the limit")
            guarded(seen, partial(_loop, bench, case, seen), case.name)
    if wish.profile:
        for case, _ in LOOPS:
            tell_progress(f"profile of {case.name}")
            guarded(seen, partial(_profile, bench, case), case.name)


def _loop(bench: Bench, case: Case, seen: Seen) -> None:
    pure = processes.limit_run(bench, case)
    seen.add(case.name, "python alone, µs", pure.python)
    seen.add(case.name, "java alone, µs", pure.java)
    seen.add(case.name, "java's first pass, µs", pure.first_java)
    seen.add(case.name, "limit, µs", pure.both)
    seen.add(case.name, "limit: processors, µs", pure.processor)
    single = processes.parity_run(bench, Case(case.unit, case.form, 1))
    ran = processes.parity_run(bench, case)
    loop = loop_seconds_of(ran, single.report["times"]["run"])
    seen.add(case.name, "in the loop, µs", loop / case.count * 1e6)
    more = ran.processor - single.processor
    seen.add(case.name, "in the loop: processors, µs", more / case.count * 1e6)


def _profile(bench: Bench, case: Case) -> None:
    profiled(bench, case).show()


def loop_seconds_of(ran: Parity, single: float) -> float:
    """Seconds between the first fixture sent and the last verdict.

    Where the report does not say them: `run`, less what a run on a single fixture took.
    """
    times = ran.report["times"]
    return float(times["loop"] if "loop" in times else times["run"] - single)


def loop_criteria(seen: Seen) -> list[Criterion]:
    """Line 2: in the loop, against the limit."""
    found = []
    for case, bound in LOOPS:
        figure = seen.ratio(case.name, "in the loop, µs", "limit, µs")
        what = f"{case.name}: in the loop, times of both functions alone"
        note = f"{_of(seen, case, '')}; processors: {_of(seen, case, ': processors')}"
        found.append(Criterion("4.2", what, figure, bound, "×", note=note))
    return found


def _of(seen: Seen, case: Case, which: str) -> str:
    loop = seen.median(case.name, f"in the loop{which}, µs")
    limit = seen.median(case.name, f"limit{which}, µs")
    return f"{loop:.4g} µs of {limit:.4g}" if loop and limit else "–"


# ---------------------------------------------------------------- states


def measure_states(bench: Bench, wish: Wish, seen: Seen) -> None:
    """Cold, warm and unchanged."""
    for case in (Case("medium", "method", 1000), Case("medium", "method", 10_000)):
        for number in range(max(1, wish.rounds // 2)):
            tell_progress(f"round {number + 1}: {case.name}, cold, warm, unchanged")
            guarded(seen, partial(_states, bench, case, seen), case.name)


def _states(bench: Bench, case: Case, seen: Seen) -> None:
    processes.forget(bench, case)
    seen.add(case.name, "cold", processes.parity_run(bench, case).seconds)
    seen.add(case.name, "warm", processes.parity_run(bench, case).seconds)
    if not processes.parity_knows("run", "--no-cache"):
        return
    processes.parity_run(bench, case, cached=True)
    unchanged = processes.parity_run(bench, case, cached=True)
    if not unchanged.unit["cached"]:
        raise Failed(f"{case.name}: nothing has changed, and it was run")
    seen.add(case.name, "unchanged", unchanged.seconds)


# ---------------------------------------------------------------- memory


def measure_memory(bench: Bench, wish: Wish, seen: Seen) -> None:
    """The most that processes hold."""
    cases = [(Case("medium", "method", 1000), "abp"), (Case("medium", "method", 10_000), "bp")]
    if not wish.short:
        cases.append((Case("tiny", "method", 100_000), "bp"))
    for case, subjects in cases:
        for subject in subjects:
            tell_progress(f"memory: {case.name}, {subject}")
            guarded(seen, partial(_memory, bench, case, subject, seen), case.name)


def _memory(bench: Bench, case: Case, subject: str, seen: Seen) -> None:
    held = Held()
    name = {"a": "a", "b": "b", "p": "parity"}[subject]
    if subject == "a":
        processes.pytest_run(bench, case, held=held)
    elif subject == "b":
        processes.loop_run(bench, case, held=held)
    else:
        processes.parity_run(bench, case, held=held)
        seen.add(case.name, "parity: largest without a JVM, MiB", held.largest_without_jvm / 2**20)
    seen.add(case.name, f"{name}: largest process, MiB", held.largest / 2**20)
    seen.add(case.name, f"{name}: all processes, MiB", held.total / 2**20)


# ---------------------------------------------------------------- at the desk


def measure_desk(bench: Bench, wish: Wish, seen: Seen) -> None:
    """`parity compare` of one unit on 20 fixtures, warm, and of one that differs on two of them;
    `--watch` after a save."""
    case = Case("medium", "method", 20)
    for _ in range(wish.rounds + 1):
        tell_progress("parity compare on 20 fixtures")
        guarded(seen, partial(_compare, bench, case, "seconds", seen), "compare")
        differing = Case("medium", "naive", 20)
        shutil.rmtree(bench.project(differing) / ".parity", ignore_errors=True)
        guarded(seen, partial(_compare, bench, differing, NEWLY, seen), "compare")
        guarded(seen, partial(_compare, bench, differing, DIFFERING, seen), "compare")
    for found in seen.rounds.get("compare", {}).values():
        del found[0]  # the first one warms up
    if processes.parity_knows("run", "--watch"):
        tell_progress("parity run --watch")
        guarded(seen, partial(_watch, bench, case, wish.rounds, seen), "watch")


NEWLY = "seconds, two differ that did not before: until the causes are told"
DIFFERING = "seconds, two differ as before"


def _compare(bench: Bench, case: Case, figure: str, seen: Seen) -> None:
    project = bench.project(case)
    command = [sys.executable, "-P", "-m", "parity", "-C", str(project)]
    command += ["compare", PYTHON[case.unit], "--json"]
    ended = processes.run(command, project, bench.env())
    told = ended.status == (1 if case.differing else 0)
    unit = json.loads(ended.output)["units"][0] if told else {}
    if unit.get("matched") != case.count - case.differing:
        raise Failed(f"parity compare exits with {ended.status}: {ended.errors[-1000:]}")
    if any(not (one["cause"] or {}).get("proven") for one in unit["findings"]):
        raise Failed("parity compare does not say why the unit differs")
    seen.add("compare", figure, ended.seconds)


@dataclass(frozen=True, slots=True)
class Saved:
    """A file that is saved wrong and right in turn, and what each save is told to be."""

    what: str
    file: Path
    right: bytes
    wrong: bytes
    verdict: str = "differs"
    fewer: int = 0


def _saves(bench: Bench, case: Case) -> list[Saved]:
    """A Python file, a file of fixtures, a class file."""
    source = bench.folder / "python" / "fleet" / "planning.py"
    python = source.read_bytes()
    fixtures = bench.fixtures_of(case)
    lines = fixtures.read_bytes()
    compiled = bench.folder / "classes" / "fleet" / "Planning.class"
    other = bench.compiled_otherwise("Planning", "(minute, 15)", "(minute, 16)")
    return [
        Saved("Python", source, python, python.replace(b"minute // 15", b"minute // 16")),
        Saved("fixtures", fixtures, lines, lines.partition(b"\n")[2], "matched", 1),
        Saved("class", compiled, compiled.read_bytes(), other),
    ]


def _watch(bench: Bench, case: Case, rounds: int, seen: Seen) -> None:
    """From the save of a file to its verdict; the first save of each warms up. Where the sides
    differ then, causes are looked for after it is told."""
    project = bench.project(case)
    saves = _saves(bench, case)
    command = [sys.executable, "-P", "-m", "parity", "-C", str(project), "run", "--watch"]
    log = bench.folder / "watch.log"
    with log.open("w", encoding="utf-8") as out:
        process = subprocess.Popen(command, cwd=project, env=bench.env(), stdout=out, stderr=out)
        try:
            _told(log, 0, "watching")
            for saved in saves:
                for number in range(rounds * 2 + 2):  # the last save is right again
                    took = _save(log, saved, case, wrong=number % 2 == 0)
                    if number:
                        to = "wrong" if number % 2 == 0 else "right"
                        seen.add("watch", f"{saved.what} {to}, seconds", took)
        finally:
            for saved in saves:
                saved.file.write_bytes(saved.right)
            process.terminate()
            process.wait(timeout=30)


def _save(log: Path, saved: Saved, case: Case, *, wrong: bool) -> float:
    """Seconds from a save until its outcome stands in the log; nothing is at work when it comes."""
    while not log.read_bytes().endswith(b"watching; Ctrl-C ends\n"):
        time.sleep(0.1)
    time.sleep(1.0)
    length = log.stat().st_size
    started = time.perf_counter()
    saved.file.write_bytes(saved.wrong if wrong else saved.right)
    verdict, count = "matched", case.count
    if wrong:
        verdict, count = saved.verdict, count - saved.fewer
    _told(log, length, f"{verdict}: 1 unit on {count} fixtures: ")
    return time.perf_counter() - started


def _told(log: Path, length: int, words: str) -> None:
    end = time.monotonic() + WATCHED
    while words.encode() not in log.read_bytes()[length:]:
        if time.monotonic() > end:
            text = log.read_text("utf-8", "replace")[-500:]
            raise Failed(f"--watch does not say `{words}` within {WATCHED:g} s: {text}")
        time.sleep(0.005)


def desk_criteria(seen: Seen) -> list[Criterion]:
    """Line 1, at the desk."""
    kinds = [
        f"{what} {to}" for what in ("Python", "fixtures", "class") for to in ("right", "wrong")
    ]
    watched = {kind: seen.median("watch", f"{kind}, seconds") for kind in kinds}
    known = processes.parity_knows("run", "--watch")
    note = "" if known else "parity run has no --watch"
    return [
        Criterion(
            "4.1", "parity compare, 20 fixtures", seen.median("compare", "seconds"), 1.5, "s"
        ),
        Criterion(
            "4.1",
            "parity compare, 20 fixtures, two of which differ as before",
            seen.median("compare", DIFFERING),
            1.5,
            "s",
        ),
        Criterion(
            "4.1",
            "parity compare, 20 fixtures, two differ that did not before",
            seen.median("compare", NEWLY),
            1.5,
            "s",
            note="until the causes are told",
        ),
        *(
            Criterion("4.1", f"parity run --watch, {kind} saved", figure, 0.3, "s", note=note)
            for kind, figure in watched.items()
        ),
    ]


# ---------------------------------------------------------------- all of it


MEASURES: dict[str, Callable[[Bench, Wish, Seen], None]] = {
    "whole": measure_whole,
    "loop": measure_loop,
    "states": measure_states,
    "memory": measure_memory,
    "desk": measure_desk,
}
CRITERIA: dict[str, Callable[[Seen], list[Criterion]]] = {
    "whole": whole_criteria,
    "loop": loop_criteria,
    "desk": desk_criteria,
}


def guarded(seen: Seen, measure: Callable[[], object], name: str) -> None:
    """Measures; what fails is told at the end, and the rest goes on."""
    try:
        measure()
    except Failed as failed:
        seen.troubles.append(str(failed))
        print(f"error: {name}: {failed}", file=sys.stderr, flush=True)


def tell_progress(text: str) -> None:
    """One line on standard error."""
    print(f"{time.strftime('%H:%M:%S')} {text}", file=sys.stderr, flush=True)


def machine() -> dict[str, Any]:
    """Where the figures come from."""
    java = subprocess.run(
        [java_program("java"), "-version"], capture_output=True, text=True, check=False
    ).stderr.splitlines()
    models = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
        if line.startswith("model name")
    ]
    commit = subprocess.run(
        ["git", "-C", str(ROOT), "rev-parse", "--short", "HEAD"],
        capture_output=True,
        text=True,
        check=False,
    ).stdout.strip()
    return {
        "processor": models[0] if models else platform.machine(),
        "cores": os.cpu_count(),
        "load": f"{os.getloadavg()[1]:.1f} processes wanted a core when this was done",
        "memory": f"{psutil.virtual_memory().total / 2**30:.0f} GiB",
        "system": platform.platform(aliased=True, terse=True),
        "python": platform.python_version(),
        "java": " ".join((java or ["unknown"])[-1].split()),
        "jpype1": version("jpype1"),
        "deepdiff": version("deepdiff"),
        "pytest": version("pytest"),
        "commit": commit,
    }


def show(seen: Seen) -> None:
    """All figures, as medians."""
    table = Table(box=None, pad_edge=False)
    for name in ("case", "what", "median", "least", "most", "rounds"):
        table.add_column(name, justify="left" if name in ("case", "what") else "right")
    for case, subjects in seen.rounds.items():
        for subject, figures in subjects.items():
            shown = [f"{of(figures):.3g}" for of in (statistics.median, min, max)]
            table.add_row(case, subject, *shown, str(len(figures)))
    Console(width=None if Console().is_terminal else 120).print(table)


def measured(wish: Wish, folder: Path) -> Seen:
    """All parts that are wanted."""
    seen = Seen()
    bench = Bench(folder)
    bench.build()
    for part in PARTS:
        if part in wish.parts:
            MEASURES[part](bench, wish, seen)
    return seen


def document(seen: Seen, criteria: Sequence[Criterion], wish: Wish) -> dict[str, Any]:
    """What `--json` writes, and what the page and the chart are made of."""
    return {
        "machine": machine(),
        "command": "python bench/engine.py " + " ".join(sys.argv[1:]),
        "rounds": wish.rounds,
        "cases": seen.rounds,
        "times": seen.parity,
        "criteria": [one.as_row() for one in criteria],
        "troubles": seen.troubles,
    }


def main() -> int:
    """Measures, prints, and says what is met."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}; or all")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of each case")
    parser.add_argument("--a-rounds", type=int, help="rounds of peer A at 10k, which takes minutes")
    parser.add_argument("--short", action="store_true", help="leave out what takes long")
    parser.add_argument("--profile", action="store_true", help="say where the loops spend")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    parser.add_argument("--docs", action="store_true", help="write docs/bench.md and its chart")
    parser.add_argument("--keep", action="store_true", help="keep the project that is run")
    given = parser.parse_args()
    unknown = set(given.parts) - set(PARTS)
    if unknown:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(PARTS)}")
    a_rounds = given.rounds if given.a_rounds is None else given.a_rounds
    parts = frozenset(given.parts or PARTS)
    wish = Wish(given.rounds, a_rounds, given.short, parts, given.profile)
    with folder_for(None, keep=given.keep) as folder:
        seen = measured(wish, folder)
    criteria = [
        one for part in PARTS if part in parts and part in CRITERIA for one in CRITERIA[part](seen)
    ]
    show(seen)
    print()
    told = document(seen, criteria, wish)
    if given.json:
        given.json.write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", "utf-8")
    if given.docs:
        write_docs(told, ROOT / "docs")
    status = tell(criteria)
    for trouble in seen.troubles:
        print(f"error: {trouble}", file=sys.stderr)
    return 1 if seen.troubles else status


if __name__ == "__main__":
    sys.exit(main())
