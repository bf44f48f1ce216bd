"""What does not change costs nothing, and what changes is run: `python bench/unchanged.py`.

200 units on 500 fixtures each. A second run may take half a second and start no JVM; an edit of one
Java class, of Python, of a callee three calls away runs those units again that reach it, and no
other; a comment or a new layout on either side runs nothing.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.project import fixtures_file, folder_for, javac, map_text, write
from bench.speed import processes
from bench.speed.cases import Bench
from bench.speed.criteria import Criterion, tell
from bench.speed.processes import Failed, Held

GROUP = 10  # units that share a class and a module of their own, two calls away from the core

UNIT_PY = """\
\"\"\"Fees of one tariff.\"\"\"

from tariffs import group{group:02}


def fee(amount: int, days: int) -> dict:
    \"\"\"The fee of a stay.\"\"\"
    base = amount * {factor} + days
    return {{"base": base, "fee": group{group:02}.surcharged(base, days)}}
"""
GROUP_PY = """\
\"\"\"What the tariffs of group {group} have in common.\"\"\"

from tariffs import core


def surcharged(base: int, days: int) -> int:
    return base + core.steps(base, {step}) + (days % {step})
"""
CORE_PY = """\
\"\"\"What all tariffs have in common.\"\"\"

from tariffs import rounding


def steps(value: int, step: int) -> int:
    return rounding.down(value, step) // step


def nights(days: int) -> int:
    return max(0, days - 1)
"""
ROUNDING_PY = """\
\"\"\"Rounding, the last of the chain.\"\"\"


def down(value: int, step: int) -> int:
    return value // step * step
"""
UNIT_JAVA = """\
package tariffs;

import java.util.LinkedHashMap;
import java.util.Map;

public final class Tariff{number:03} {{
  private Tariff{number:03}() {{}}

  public static Map<String, Object> fee(long amount, long days) {{
    long base = amount * {factor} + days;
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("base", base);
    answer.put("fee", Group{group:02}.surcharged(base, days));
    return answer;
  }}
}}
"""
GROUP_JAVA = """\
package tariffs;

final class Group{group:02} {{
  private Group{group:02}() {{}}

  static long surcharged(long base, long days) {{
    return base + Core.steps(base, {step}) + Math.floorMod(days, {step}L);
  }}
}}
"""
CORE_JAVA = """\
package tariffs;

final class Core {
  private Core() {}

  static long steps(long value, long step) {
    return Math.floorDiv(Rounding.down(value, step), step);
  }
}
"""
ROUNDING_JAVA = """\
package tariffs;

final class Rounding {
  private Rounding() {}

  static long down(long value, long step) {
    return Math.floorDiv(value, step) * step;
  }
}
"""


@dataclass(frozen=True, slots=True)
class Ran:
    """One run of the project: seconds, the units that were run and not cached, JVMs."""

    seconds: float
    processor: float
    fresh: frozenset[str]
    jvms: int
    verdict: str
    units: int


@dataclass(frozen=True, slots=True)
class Tariffs:
    """The project."""

    folder: Path
    units: int
    fixtures: int

    @property
    def names(self) -> list[str]:
        """The ids of all units."""
        return [f"tariffs.tariff{number:03}:fee" for number in range(self.units)]

    def group(self, group: int) -> frozenset[str]:
        """The units of a group."""
        return frozenset(self.names[group * GROUP : (group + 1) * GROUP])

    def write(self) -> None:
        """All of it, compiled."""
        write(self.folder, dict(self._files()))
        for name in self.names:
            write(self.folder, {fixtures_file(name): "".join(self._lines(name))})
        self.compile()

    def _files(self) -> Iterator[tuple[str, str]]:
        log = self.folder / "jvms"
        log.mkdir()
        yield (
            "parity.toml",
            'sources = ["python"]\nfixtures = "fixtures"\n\n[java]\nclasspath = ["classes"]\n'
            f"jvm_args = {json.dumps([f'-Xlog:os+thread=off:file={log}/%p.log'])}\n",
        )
        yield (
            "parity.map.toml",
            map_text(
                {
                    name: {"java": f"tariffs.Tariff{number:03}#fee"}
                    for number, name in enumerate(self.names)
                }
            ),
        )
        yield "python/tariffs/__init__.py", ""
        yield "python/tariffs/core.py", CORE_PY
        yield "python/tariffs/rounding.py", ROUNDING_PY
        yield "java/tariffs/Core.java", CORE_JAVA
        yield "java/tariffs/Rounding.java", ROUNDING_JAVA
        for group in range(-(-self.units // GROUP)):
            step = group % 7 + 2
            yield f"python/tariffs/group{group:02}.py", GROUP_PY.format(group=group, step=step)
            yield f"java/tariffs/Group{group:02}.java", GROUP_JAVA.format(group=group, step=step)
        for number in range(self.units):
            filled = {"number": number, "group": number // GROUP, "factor": number + 3}
            yield f"python/tariffs/tariff{number:03}.py", UNIT_PY.format(**filled)
            yield f"java/tariffs/Tariff{number:03}.java", UNIT_JAVA.format(**filled)

    def _lines(self, name: str) -> Iterator[str]:
        for number in range(self.fixtures):
            args = [number * 37 % 1009 - 200, number % 31 - 5]
            yield json.dumps({"id": f"n{number:04}", "args": args}) + "\n"

    def compile(self) -> None:
        """As a build does it. Raises Failed."""
        shutil.rmtree(self.folder / "classes", ignore_errors=True)
        broken = javac(self.folder)
        if broken:
            raise Failed(f"the Java of the project does not compile: {broken}")

    def edit(self, name: str, before: str, after: str) -> None:
        """One edit of a source, compiled. Raises Failed where the text is not there."""
        file = self.folder / name
        text = file.read_text("utf-8")
        if before not in text:
            raise Failed(f"{name} holds no {before!r}")
        file.write_text(text.replace(before, after), "utf-8")
        if name.endswith(".java"):
            self.compile()

    def run(self, *, watched: bool = True) -> Ran:
        """`parity run --json`, once what an earlier run left to be made is made. Raises Failed."""
        processes.wait_for_the_others()
        log = self.folder / "jvms"
        for file in log.iterdir():
            file.unlink()
        held = Held() if watched else None
        command = [sys.executable, "-P", "-m", "parity", "-C", str(self.folder), "run", "--json"]
        ended = processes.run(command, self.folder, Bench(self.folder).env(), held=held)
        if ended.status == 2:
            raise Failed(f"parity run exits with 2: {ended.errors[-1500:]}{ended.output[:1500]}")
        report: dict[str, Any] = json.loads(ended.output)
        units = report["units"]
        fresh = frozenset(unit["id"] for unit in units if not unit["cached"])
        seen = len(held.java) if held else 0
        jvms = max(len(list(log.iterdir())), seen)
        return Ran(ended.seconds, ended.processor, fresh, jvms, report["verdict"], len(units))


def rate(which: str, ran: Ran, wanted: Iterable[str]) -> Criterion:
    """How many units were run that need not, or not run that must: none may be."""
    wrong = len(ran.fresh ^ frozenset(wanted))
    note = f"{len(ran.fresh)} run again, {ran.units - len(ran.fresh)} cached, {ran.verdict}"
    return Criterion("4.3", f"{which}: units that are wrong in that", wrong, 0, "", note=note)


def edits(project: Tariffs) -> Iterator[Criterion]:
    """Each edit, and which units must be run again after it."""
    everything = project.names
    steps = [
        ("a comment in Java", "java/tariffs/Core.java", "  static", "  // of all\n  static", []),
        ("a new layout in Java", "java/tariffs/Rounding.java", " {\n", "\n  {\n\n", []),
        ("a comment in Python", "python/tariffs/core.py", "\n\ndef", "\n# of all\n\ndef", []),
        (
            "a new layout and a docstring in Python",
            "python/tariffs/rounding.py",
            "    return value // step * step",
            '    """Down."""\n    return (\n        value // step * step\n    )',
            [],
        ),
        (
            "one Java class, reached by ten",
            "java/tariffs/Group03.java",
            "return base + Core",
            "return 1 * base + Core",
            project.group(3),
        ),
        (
            "one Python module, reached by ten",
            "python/tariffs/group05.py",
            "return base + core",
            "return 1 * base + core",
            project.group(5),
        ),
        (
            "Java three calls away, other behaviour",
            "java/tariffs/Rounding.java",
            "Math.floorDiv(value, step) * step",
            "value / step * step",
            everything,
        ),
        (
            "Java three calls away, put right",
            "java/tariffs/Rounding.java",
            "value / step * step",
            "Math.floorDiv(value, step) * step",
            everything,
        ),
        (
            "Python three calls away, other behaviour",
            "python/tariffs/rounding.py",
            "value // step * step",
            "int(value / step) * step",
            everything,
        ),
        (
            "Python three calls away, put right",
            "python/tariffs/rounding.py",
            "int(value / step) * step",
            "value // step * step",
            everything,
        ),
    ]
    for which, file, before, after, wanted in steps:
        print(f"{time.strftime('%H:%M:%S')} {which}", file=sys.stderr, flush=True)
        project.edit(file, before, after)
        ran = project.run()
        yield rate(which, ran, wanted)
        if "other behaviour" in which:
            found = 0 if ran.verdict == "differs" else 1
            yield Criterion("4.3", f"{which}: not told as `differs`", found, 0, "")


def criteria(project: Tariffs, rounds: int) -> Iterator[Criterion]:
    """All that must be shown."""
    first = project.run()
    note = f"{first.units} units on {project.fixtures} fixtures, {first.verdict}"
    print(f"the first run took {first.seconds:.1f} s: {note}", file=sys.stderr, flush=True)
    if first.verdict != "matched" or len(first.fresh) != project.units:
        raise Failed(f"the first run: {note}, {len(first.fresh)} of them run")
    watched = project.run()
    yield Criterion("4.3", "nothing changed: units run again", len(watched.fresh), 0, "")
    yield Criterion("4.3", "nothing changed: JVMs started", watched.jvms, 0, "")
    again = [project.run(watched=False) for _ in range(rounds)]
    seconds = median(ran.seconds for ran in again)
    note = f"{median(ran.processor for ran in again):.2f} s of processors; {note}"
    yield Criterion("4.3", "nothing changed: whole process", seconds, 0.5, "s", note=note)
    if len(watched.fresh) < project.units:
        yield from edits(project)


def main() -> int:
    """Runs all of it and prints a line for each criterion."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--units", type=int, default=200)
    parser.add_argument("--fixtures", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--keep", action="store_true", help="keep the project that is run")
    given = parser.parse_args()
    if given.units < 6 * GROUP:
        parser.error(f"at least {6 * GROUP} units are needed")
    found: list[Criterion] = []
    trouble = ""
    with folder_for(None, keep=given.keep) as folder:
        project = Tariffs(folder, given.units, given.fixtures)
        project.write()
        try:
            for one in criteria(project, given.rounds):
                print(f"  {one.told}  {one.what}: {one.got}", file=sys.stderr, flush=True)
                found += [one]
        except Failed as failed:
            trouble = str(failed)
    status = tell(found)
    if not trouble and len(found) == 3:
        trouble = "no unit was cached, so edits were not tried: there is no evidence to go stale"
    if trouble:
        print(f"error: {trouble}", file=sys.stderr)
    return 1 if trouble else status


if __name__ == "__main__":
    sys.exit(main())
