"""`--executor dask`: the shards of a run as tasks of dask.distributed, merged to one report.

Each task runs one shard as `parity run --shard` does, on a worker that sees the project at the
same path. What a task gives is plain JSON, an error of ours included.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from parity.config import Config, find_config
from parity.errors import ParityError
from parity.model import RunReport
from parity.pipeline.progress import UNWATCHED, Progress
from parity.pipeline.run import Options, hints_of, run
from parity.pipeline.shards import Shard, merge_parts, read_part
from parity.pipeline.units import Selection, selected_units
from parity.sides.java.classpath import class_path
from parity.sides.java.home import java_home

if TYPE_CHECKING:
    from distributed import Client, Future

START_SECONDS = 30
Done = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dask:
    """Where tasks run: on the workers of the scheduler at `address`, or on `workers` of our own."""

    address: str | None = None
    workers: int | None = None


def run_on_dask(
    config: Config, dask: Dask, progress: Progress = UNWATCHED, options: Options | None = None
) -> RunReport:
    """Runs all units in shards and merges them. Raises ParityError as a plain run does.

    What Maven has to build is built here, before the first task.
    """
    started = time.monotonic()
    options = options or Options()
    progress.doing("building")
    class_path(config, java_home(config))
    units = selected_units(config, Selection())
    built = time.monotonic()
    progress.doing("waiting for dask")
    with _client(dask) as client:
        count = dask.workers or max(1, len(client.nthreads()))
        jobs = options.jobs or (None if dask.address else max(1, (os.cpu_count() or 1) // count))
        shards = [Shard(index, count) for index in range(1, count + 1)]
        tasks = [
            client.submit(run_shard, str(config.root), one.index, one.count, jobs, pure=False)
            for one in shards
        ]
        parts = [_part(done) for done in _done(tasks, shards, progress)]
    total = time.monotonic() - started
    building = built - started
    times = {"build": building, "run": total - building, "total": total}
    rounded = {name: round(value, 3) for name, value in times.items()}
    report = merge_parts(config, parts)
    return replace(report, times=rounded, hints=hints_of(config, units))


def run_shard(root: str, index: int, count: int, jobs: int | None) -> Done:
    """The task: one shard of the project at `root`; gives its part, or the error that it met."""
    try:
        with tempfile.TemporaryDirectory(prefix="parity-part-") as folder:
            part = Path(folder) / "part.json"
            options = Options(jobs=jobs, shard=Shard(index, count), part=part)
            run(find_config(Path(root)), options=options)
            return {"part": read_part(part)}
    except ParityError as error:
        return {"error": str(error)}


class TaskError(ParityError):
    """An error of ours on a worker, told as it was told there."""

    def __init__(self, text: str) -> None:
        super().__init__(text, where=None, why="", next_step="mend it, and run again")
        self.text = text

    def __str__(self) -> str:
        return self.text


def _part(done: Done) -> Mapping[str, Any]:
    if "error" in done:
        raise TaskError(done["error"])
    part: Mapping[str, Any] = done["part"]
    return part


def _done(tasks: Sequence[Future], shards: Sequence[Shard], progress: Progress) -> Iterator[Done]:
    """What the tasks give, in the order of the shards; told is how many have ended."""
    from distributed import as_completed
    from distributed.scheduler import KilledWorker

    for ended, _ in enumerate(as_completed(tasks)):
        progress.doing(f"{ended + 1} of {len(tasks)} shards")
    for task, shard in zip(tasks, shards, strict=True):
        try:
            yield task.result()
        except KilledWorker as error:
            raise ParityError(
                f"shard {shard.index}/{shard.count} was not run",
                where=None,
                why=f"each dask worker that had it has died: {error}",
                next_step="see the log of the workers; memory and time limits of a cluster do that",
            ) from None


@contextmanager
def _client(dask: Dask) -> Iterator[Client]:
    """A client of the scheduler; without an address, of a cluster that ends with the run."""
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        raise ParityError(
            "--executor dask needs a library that is not there",
            where=None,
            why="distributed runs the shards, and it is not installed",
            next_step="pip install 'parity-ledger[dask]'",
        ) from None
    with ExitStack() as open_ones:
        address: Any = dask.address
        if address is None:
            address = open_ones.enter_context(
                LocalCluster(
                    n_workers=dask.workers or os.cpu_count() or 1,
                    threads_per_worker=1,
                    dashboard_address=None,
                    silence_logs="CRITICAL",
                )
            )
        try:
            client = Client(address, timeout=START_SECONDS)
        except (OSError, ValueError) as error:
            raise ParityError(
                f"there is no dask scheduler at {dask.address}",
                where="--scheduler",
                why=str(error) or type(error).__name__,
                next_step="start one: dask scheduler; or leave --scheduler out",
            ) from None
        yield open_ones.enter_context(client)
