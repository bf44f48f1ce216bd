"""Ctrl-C ends a run at once: `python bench/interrupts.py`.

SIGINT goes to the process group, as from a terminal, and to the supervisor alone: while parity is
imported, the class path is built, workers start, between pieces, while a unit loops. Each
time `parity run` must end within two seconds with exit status 130, leave no process, and keep what
was observed: `--resume` runs no judged piece again and gives the report of an undisturbed run.
Exits with 0 where all is so, else with 1.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.endings import (
    LEFT_SECONDS,
    LONG,
    Running,
    judged,
    report_of,
    start,
    wait_for,
    write_project,
)
from bench.project import folder_for
from bench.survivors import survivors, survivors_after

ENDS_WITHIN = 2.0
INTERRUPTED = 130
PIECES = 4
RUN = ("run", "--json", "--no-cache")
LOOPING = 17
"""The item of `stock:pick` that hangs."""


@dataclass(frozen=True, slots=True)
class Instant:
    """A moment of a run: how to get there, and `env` that leads there."""

    name: str
    reached: Callable[[Path, Running], object]
    importing: bool = False
    building: bool = False
    hangs: str | None = None


@dataclass(slots=True)
class Ended:
    """What came of one Ctrl-C."""

    instant: str
    group: bool
    seconds: float = 0.0
    status: int = 0
    kept: int = 0
    wrong: list[str] = field(default_factory=list)


def _imported(_: Path, running: Running) -> object:
    """Whether parity is being imported: Python then tells what it has imported by now."""
    assert running.process.stderr is not None
    return " parity." in running.process.stderr.readline()


def _reached(folder: Path, _: Running) -> object:
    return (folder / "hangs.reached").exists()


def _workers(folder: Path) -> object:
    return [one for one in survivors(folder) if "parity.sides.java.worker" in one.command]


INSTANTS = (
    Instant("while parity is imported", _imported, importing=True),
    Instant("while the class path is built", lambda f, _: (f / "building").exists(), building=True),
    Instant("while workers start", lambda folder, _: _workers(folder)),
    Instant("after the first judged piece", lambda folder, _: judged(folder)),
    Instant("while a unit loops in Java", _reached, hangs=f"java {LOOPING}"),
    Instant("while a unit loops in Python", _reached, hangs=f"python {LOOPING}"),
)


def interrupt_all(folder: Path, instants: tuple[Instant, ...] = INSTANTS) -> list[Ended]:
    """Every instant, from a terminal and alone."""
    status, out, errors = start(folder, *RUN).result()
    if status != 1:
        raise SystemExit(f"error: the run ended with {status}, not 1\n{errors}")
    report = report_of(out)
    found = []
    for instant in instants:
        for group in (True, False):
            found.append(_interrupt(folder, instant, report, group=group))
            print(f"{instant.name}: {found[-1].wrong or 'fine'}", file=sys.stderr)
    return found


def _interrupt(folder: Path, instant: Instant, report: str, *, group: bool) -> Ended:
    ended = Ended(instant.name, group)
    for mark in ("hangs", "hangs.reached", "building", "calls"):
        (folder / mark).unlink(missing_ok=True)
    if instant.hangs is not None:
        (folder / "hangs").write_text(instant.hangs, "ascii")
    config = folder / "parity.toml"
    usual = config.read_text("utf-8")
    env = {"CALLS": str(folder / "calls")}
    if instant.importing:
        env["PYTHONPROFILEIMPORTTIME"] = "1"
    try:
        config.write_text(_with(usual, folder, building=instant.building), "utf-8")
        running = start(folder, *RUN, env=env)
        wait_for(instant.name, lambda: instant.reached(folder, running) or running.ended)
        ended.seconds = running.interrupt(group=group)
        ended.status, _, errors = running.result()
    finally:
        config.write_text(usual, "utf-8")
        (folder / "hangs").unlink(missing_ok=True)
    if ended.seconds > ENDS_WITHIN:
        ended.wrong.append(f"took {ended.seconds:.1f} s")
    if ended.status != INTERRUPTED:
        ended.wrong.append(f"exit status {ended.status}\n{errors[-1500:]}")
    left = survivors_after(folder, LEFT_SECONDS)
    ended.wrong += [f"left over: {one.command}" for one in left]
    pieces = [int(one.stem) for one in judged(folder) if one.parent.name == "reorder"]
    ended.kept = len(judged(folder))
    (folder / "calls").unlink(missing_ok=True)
    env.pop("PYTHONPROFILEIMPORTTIME", None)
    status, out, errors = start(folder, *RUN, "--resume", env=env).result()
    if status != 1 or report_of(out) != report:
        ended.wrong.append(f"--resume gives another report, status {status}\n{errors[-1500:]}")
    twice = sorted(_called(folder) & {n for piece in pieces for n in _of_piece(piece)})
    if twice:
        ended.wrong.append(f"--resume ran {len(twice)} fixtures of judged pieces again")
    return ended


def _of_piece(piece: int) -> range:
    size = LONG // PIECES
    return range(piece * size, (piece + 1) * size)


def _called(folder: Path) -> set[int]:
    calls = folder / "calls"
    return {int(line) for line in calls.read_text("ascii").split()} if calls.exists() else set()


def _with(config: str, folder: Path, *, building: bool) -> str:
    """The config, with a build that takes long where one is wanted."""
    if not building:
        return config
    script = f"touch {folder}/building; sleep 30 & sleep 30; echo classes"
    command = f'classpath_command = ["sh", "-c", "{script}"]'
    return config.replace('classpath = ["classes"]', command)


def tell(found: list[Ended]) -> None:
    """A table with a line for each."""
    table = Table(box=None, pad_edge=False)
    for column in ("Ctrl-C", "to", "seconds", "exit status", "judged pieces kept", ""):
        table.add_column(column, justify="right" if column == "seconds" else "left")
    for one in found:
        told = "[red]FAIL[/]" if one.wrong else "[green]PASS[/]"
        to = "process group" if one.group else "supervisor"
        row = (one.instant, to, f"{one.seconds:.2f}", str(one.status), str(one.kept), told)
        table.add_row(*row)
    Console(width=None if sys.stdout.isatty() else 140, highlight=False).print(table)
    for one in found:
        for line in one.wrong:
            print(f"{one.instant}: {line}")


def main() -> int:
    """Interrupts, and prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, help="write the project there, and leave it")
    given = parser.parse_args()
    with folder_for(given.out) as place:
        found = interrupt_all(write_project(place / "enduring"))
    tell(found)
    return 1 if any(one.wrong for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
