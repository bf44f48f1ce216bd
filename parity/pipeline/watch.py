"""`--watch`: runs again what a saved file touches, on workers that stay up."""

from __future__ import annotations

import importlib.util
import os
import queue
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from parity.config import Config, find_config
from parity.errors import ParityError
from parity.model import RunReport
from parity.pipeline.progress import UNWATCHED, Progress
from parity.pipeline.run import Options, run
from parity.pipeline.units import Selection
from parity.pipeline.warm import Warm

if TYPE_CHECKING:
    from watchfiles import Change

JOBS = 2
BUDGET = 0.5
"""Of seconds in which causes are looked for: what is saved meanwhile waits for the end of that."""
STEP_MS = 25
"""So long nothing must be saved before what was saved is looked at; more than the grain of times
of files, so that it cannot be taken for a change during the run."""
MOST_MS = 400
NOT_WATCHED = (".parity", ".gradle", ".ruff_cache", "site-packages")
IN_A_ROW = 3
"""In so many runs, one after the other, a file has to change before it is watched no more."""
WRITTEN = (".class", ".jar", ".java", ".jsonl", ".kt", ".py", ".toml", ".xml", ".zst")
"""Files of a person or a build, who may well save them while something runs."""
GRAIN_NS = 20_000_000


@dataclass(frozen=True, slots=True)
class Watched:
    """What came of a run: a report, or why there is none."""

    outcome: RunReport | ParityError

    @property
    def exit_status(self) -> int:
        """What a run with this outcome exits with."""
        return 2 if isinstance(self.outcome, ParityError) else self.outcome.exit_status


def watch(
    folder: Path,
    selection: Selection,
    progress: Progress = UNWATCHED,
    options: Options | None = None,
    on_save: Callable[[Sequence[Path]], object] = list,
    on_give_up: Callable[[Sequence[Path]], object] = list,
) -> Iterator[Watched]:
    """Runs once, then after each save, until it is interrupted.

    `on_save` is told what was saved, before the run; `on_give_up` which files change in each run
    and are watched no more. A file that is wrong is told, and is no end. Raises ParityError where
    nothing can be watched.
    """
    if importlib.util.find_spec("watchfiles") is None:
        raise _unwatchable(ImportError())
    options = options or Options()
    options = replace(options, jobs=options.jobs or JOBS, budget=BUDGET)
    config = find_config(folder)
    warm, saves = Warm(), Saves(on_give_up)
    try:
        saves.watch(_places(config, ()))
        while True:
            saves.begin()
            try:
                config = find_config(folder)
                outcome: RunReport | ParityError
                outcome = run(config, selection, progress, options, warm)
                progress = UNWATCHED
            except ParityError as error:
                outcome = error
            yield Watched(outcome)
            saves.watch(_places(config, warm.seen))
            warm.renew()
            try:
                saved = saves.next(config)
            except KeyboardInterrupt:
                return
            on_save(saved)
    finally:
        saves.stop()
        warm.close()


def _places(config: Config, entries: Sequence[Path]) -> frozenset[Path]:
    """Folders in which something is saved that a run may rest on."""
    java = config.table.java
    maven = [(config.root / java.maven).parent] if java.maven is not None else []
    folders = [config.root, *config.sources, config.fixtures, *maven, *entries]
    try:
        folders += [file.parent for file in config.map_files()]
    except ParityError:
        pass  # told by the run
    places = {folder.resolve() for folder in folders if folder.is_dir()}
    return frozenset(one for one in places if places.isdisjoint(one.parents))


class Saves:
    """Files as they are saved, told by the system."""

    def __init__(self, on_give_up: Callable[[Sequence[Path]], object]) -> None:
        self._on_give_up = on_give_up
        self._changes: queue.SimpleQueue[set[Path] | Exception] = queue.SimpleQueue()
        self._places: frozenset[Path] = frozenset()
        self._stop = threading.Event()
        self._began = 0
        self._in_a_row: Counter[Path] = Counter()
        self._left: set[Path] = set()

    def watch(self, places: frozenset[Path]) -> None:
        """Watches these folders from now on, and no others."""
        if places == self._places:
            return
        self.stop()
        self._places, self._stop = places, threading.Event()
        arguments = (places, self._stop)
        threading.Thread(target=self._listen, args=arguments, daemon=True).start()

    def stop(self) -> None:
        """Watches no more."""
        self._stop.set()

    def begin(self) -> None:
        """A run begins."""
        self._began = time.time_ns() - GRAIN_NS

    def next(self, config: Config) -> tuple[Path, ...]:
        """What is saved next, or was saved while something ran."""
        ended = time.time_ns() + GRAIN_NS
        while True:
            changes = self._told()
            saved = {one for one in changes - self._left if not _is_made(one, config)}
            saved -= self._give_up({one for one in saved if self._began <= _time(one) <= ended})
            if saved:
                return tuple(sorted(saved))

    def _told(self) -> set[Path]:
        """What changes next, with all that has changed meanwhile: a build writes file by file."""
        found: set[Path] = set()
        while not found or not self._changes.empty():
            changes = self._changes.get()
            if isinstance(changes, Exception):
                raise _unwatchable(changes) from None
            found |= changes
        return found

    def _give_up(self, meanwhile: set[Path]) -> set[Path]:
        """Of what changed during the run, what did so in the runs before: it would run for ever."""
        own = (path for path in meanwhile if path.suffix not in WRITTEN)
        self._in_a_row = Counter({path: self._in_a_row[path] + 1 for path in own})
        found = {path for path, times in self._in_a_row.items() if times >= IN_A_ROW}
        self._left |= found
        if found:
            self._on_give_up(sorted(found))
        return found

    def _listen(self, places: frozenset[Path], stop: threading.Event) -> None:
        try:
            from watchfiles import DefaultFilter, watch

            ignored = (*DefaultFilter.ignore_dirs, *NOT_WATCHED)
            seen: Iterable[set[tuple[Change, str]]] = watch(
                *places,
                watch_filter=DefaultFilter(ignore_dirs=ignored),
                debounce=MOST_MS,
                step=STEP_MS,
                stop_event=stop,
                raise_interrupt=False,
                ignore_permission_denied=True,
            )
            for changes in seen:
                self._changes.put({Path(name) for _, name in changes})
        except Exception as error:  # told to whoever waits for the next save
            self._changes.put(error)


def _time(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


def _is_made(path: Path, config: Config) -> bool:
    """Whether a file is one that parity writes itself: evidence, or what it says."""
    if path.is_relative_to((config.root / config.table.evidence).resolve()):
        return True
    try:
        file = path.stat()
        return any(os.path.samestat(file, os.fstat(output)) for output in (1, 2))
    except OSError:
        return False


def _unwatchable(error: Exception) -> ParityError:
    if isinstance(error, ImportError):
        return ParityError(
            "--watch needs a library that is not there",
            where=None,
            why="watchfiles tells when a file is saved, and it is not installed",
            next_step="pip install 'parity-ledger[watch]'",
        )
    return ParityError(
        "the folders of the project cannot be watched",
        where=None,
        why=str(error) or type(error).__name__,
        next_step="where the system watches too few files, raise fs.inotify.max_user_watches",
    )
