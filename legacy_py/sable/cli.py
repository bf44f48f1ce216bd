"""The command line: keep a cluster, load it, work on it, move, watch, break and audit it.

Exit status: 0 done, 1 the audit found violations or a workflow did not move all, 2 bad use.
"""

from __future__ import annotations

import sys
import time
import uuid
from pathlib import Path
from typing import Any, Final

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from sable import audit as auditing
from sable import demo as demonstration
from sable import exercise as exercises
from sable import workload
from sable.cluster import Cluster, kill_known
from sable.errors import SableError

CONSOLE: Final = Console()
FOLDER: Final = click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
KNOWN: Final = click.argument(
    "folder", type=click.Path(path_type=Path, file_okay=False, exists=True)
)


class _Commands(click.Group):
    def invoke(self, ctx: click.Context) -> Any:
        """A named error of the server is bad use or bad luck, not a traceback."""
        try:
            return super().invoke(ctx)
        except SableError as error:
            click.echo(f"error: {error.name}: {error.text}", err=True)
            sys.exit(2)


@click.group(cls=_Commands)
def main() -> None:
    """SableManagementServer: endpoints, their routes, and moving them."""


@main.command()
@FOLDER
@click.option("--management", default=3, show_default=True)
@click.option("--sources", default=4, show_default=True)
@click.option("--targets", default=4, show_default=True)
@click.option(
    "--limit", default=4, show_default=True, help="Moves that a storage host takes at once."
)
@click.option("--capacity", default="4 TiB", show_default=True, help="Of each storage host.")
@click.option("--restart/--no-restart", default=True, show_default=True, help="What has died.")
@click.option("--pauses", is_flag=True, help="Allow pause points, see `pause`.")
def up(folder: Path, management: int, sources: int, targets: int, limit: int, capacity: str,
       restart: bool, pauses: bool) -> None:  # fmt: skip
    """Starts a cluster and keeps it until Ctrl-C; all other commands are for a second terminal."""
    if (folder / "cluster.json").exists():
        cluster = Cluster.known(folder)
    else:
        allowed = {"SABLE_PAUSES": "1"} if pauses else {}
        cluster = Cluster.make(folder, management, sources, targets, **allowed)
    with cluster:
        cluster.start()
        cluster.register(capacity, limit)
        for name, facts in cluster.plan.items():
            click.echo(f"{name:10} {facts['role']:10} {cluster.address(name)}  pid {facts['pid']}")
        click.echo(f"leader: {cluster.leader()}\nnext: python -m sable load {folder}", err=True)
        try:
            while True:
                time.sleep(0.5)
                for name in cluster.dead() if restart else []:
                    click.echo(f"{name} has died, starting it again", err=True)
                    cluster.start(name)
        except KeyboardInterrupt:
            click.echo("stopping", err=True)


@main.command()
@KNOWN
@click.option("--endpoints", default=64, show_default=True)
@click.option("--rows", default=2000, show_default=True, help="Records of each endpoint.")
def load(folder: Path, endpoints: int, rows: int) -> None:
    """Creates endpoints with records on the source hosts, in turn."""
    cluster = Cluster.known(folder)
    homes = demonstration.spread(cluster, workload.endpoint_names(endpoints))
    workload.load(cluster.fleet, homes, rows, folder / "journal")
    click.echo(f"{endpoints} endpoints of {rows} records")


@main.command()
@KNOWN
@click.option("--writers", default=4, show_default=True)
@click.option("--readers", default=2, show_default=True)
@click.option("--seconds", default=30.0, show_default=True)
@click.option("--per-second", default=50.0, show_default=True, help="Calls of each thread.")
def work(folder: Path, writers: int, readers: int, seconds: float, per_second: float) -> None:
    """Runs writers and readers, and says what they saw."""
    cluster = Cluster.known(folder)
    names = [row["name"] for row in cluster.fleet.call("GET", "/v1/endpoints")["endpoints"]]
    running = workload.Workload(cluster.fleet, names, 2000, folder / "journal")
    running.begin(writers, readers, per_second)
    time.sleep(seconds)
    running.end()
    for fact, value in running.facts().items():
        click.echo(f"{fact:16} {value}")


@main.command()
@KNOWN
@click.argument("moves", nargs=-1)
@click.option("--all", "everything", is_flag=True, help="Every endpoint of a source host.")
@click.option("--label", default="move", show_default=True)
@click.option("--chunk-size", default="64 KiB", show_default=True)
@click.option("--watch/--no-watch", default=True, show_default=True)
def move(folder: Path, moves: tuple[str, ...], everything: bool, label: str, chunk_size: str,
         watch: bool) -> None:  # fmt: skip
    """Moves endpoints: `orders-000 -> target-1`, `orders-000@source-1 -> ?`."""
    cluster = Cluster.known(folder)
    wanted = list(moves) + (demonstration.all_moves(cluster) if everything else [])
    body = {"moves": wanted, "label": label, "chunk_size": chunk_size}
    request_id = f"cli:{uuid.uuid4()}"
    started = cluster.fleet.call("POST", "/v1/workflows", {**body, "request_id": request_id})
    click.echo(started["workflow"])
    if watch:
        sys.exit(_watch(cluster, started["workflow"]))


@main.command("watch")
@KNOWN
@click.argument("workflow")
def watch_command(folder: Path, workflow: str) -> None:
    """Shows how far a workflow is, until it has ended."""
    sys.exit(_watch(Cluster.known(folder), workflow))


@main.command()
@KNOWN
@click.argument("workflow")
def cancel(folder: Path, workflow: str) -> None:
    """Rolls a workflow back that has not switched any route."""
    Cluster.known(folder).fleet.call("POST", f"/v1/workflows/{workflow}/cancel")


@main.command("list")
@KNOWN
@click.argument("what", type=click.Choice(["endpoints", "workflows"]))
def list_command(folder: Path, what: str) -> None:
    """Lists endpoints or workflows."""
    rows = Cluster.known(folder).fleet.call("GET", f"/v1/{what}")[what]
    table = Table(*(rows[0] if rows else ["none"]))
    for row in rows:
        table.add_row(*("-" if value is None else str(value) for value in row.values()))
    CONSOLE.print(table)


@main.command()
@KNOWN
@click.argument("name")
def kill(folder: Path, name: str) -> None:
    """Ends a host without warning (`leader`, or a name), as kill -9 does."""
    cluster = Cluster.known(folder)
    name = cluster.leader() if name == "leader" else name
    click.echo(f"{name}, pid {kill_known(cluster, name)}")


@main.command()
@KNOWN
@click.argument("point")
def pause(folder: Path, point: str) -> None:
    """Makes leaders wait after a step (`copy`, `freeze`, ...); `off` lets them go on."""
    cluster = Cluster.known(folder)
    for name in cluster.names("management"):
        click.echo(f"{name} {cluster.arm(name, None if point == 'off' else point)}")


@main.command()
@KNOWN
@click.option("--seconds", default=30.0, show_default=True, help="To wait for workflows to end.")
def audit(folder: Path, seconds: float) -> None:
    """Holds every acknowledged write against every home, route and lock."""
    cluster = Cluster.known(folder)
    auditing.settle(cluster.fleet, seconds)
    violations = auditing.audit(cluster.fleet, folder / "journal")
    for found in violations:
        click.echo(f"{found.kind:10} {found.endpoint}  {found.text}")
    click.echo(auditing.counts_text(violations))
    sys.exit(1 if violations else 0)


@main.command()
@click.option("--folder", type=click.Path(path_type=Path, file_okay=False), help="Keeps the data.")
@click.option("--endpoints", default=64, show_default=True)
@click.option("--rows", default=2000, show_default=True)
@click.option("--kills/--no-kills", default=True, show_default=True)
def demo(folder: Path | None, endpoints: int, rows: int, kills: bool) -> None:
    """All of it at once: start, load, move under writers, kill two hosts on the way, audit."""
    sys.exit(demonstration.run(folder, endpoints, rows, kills, say=click.echo))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False), required=False)
def exercise(folder: Path | None) -> None:
    """Every kind of request and of trouble, in a cluster of its own that ends with it."""
    sys.exit(exercises.run(folder, say=click.echo))


def _watch(cluster: Cluster, workflow: str) -> int:
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(),
               TimeElapsedColumn())  # fmt: skip
    with Progress(*columns, console=CONSOLE, transient=True) as bar:
        task = bar.add_task(workflow, total=100.0)
        while True:
            status = cluster.fleet.call("GET", f"/v1/workflows/{workflow}")
            states = ", ".join(f"{n} {state}" for state, n in status["progress"]["states"].items())
            bar.update(task, completed=status["progress"]["percent"], description=states)
            if status["state"] == "ended":
                break
            time.sleep(0.2)
    click.echo(status["text"])
    return 0 if status["summary"]["outcome"] == "moved" else 1
