"""Workers that stay up from one run to the next."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from parity.config import Config
from parity.content import Stamp, stamp_of
from parity.run import Engine

Entries = Callable[[], Sequence[Path]]


class Warm:
    """An engine for each run: the one of the run before, as long as it would start the same again.

    Java loads the project's own classes anew, python gets new processes, started ahead of their
    use. Another class path, another jar or another config take another engine.
    """

    def __init__(self) -> None:
        self._engine: Engine | None = None
        self._start: object = None
        self._entries: Entries = list
        self._seen: list[tuple[Path, Stamp | None]] | None = None

    def engine(
        self,
        config: Config,
        home: Path,
        entries: Entries,
        jobs: int,
        fixtures: int,
        ending: threading.Event,
    ) -> Engine:
        """The engine for a run, started; a new one is ended by `ending`, too."""
        self._entries = entries
        start = (config, home, jobs)
        kept = self._engine
        fits = kept is not None and not kept.is_ended and start == self._start
        if kept is not None and fits and self._seen in (None, _stamps(entries())):
            kept.start()
            return kept
        self.close()
        self._start, self._seen = start, None
        self._engine = Engine(config, home, self.entries, jobs, fixtures, ending)
        self._engine.start()
        return self._engine

    def entries(self) -> Sequence[Path]:
        """The class path that the workers run on."""
        entries = self._entries()
        self._seen = _stamps(entries)
        return entries

    @property
    def seen(self) -> list[Path]:
        """The class path as it was last seen; empty where no run has asked for it."""
        return [path for path, _ in self._seen or ()]

    def renew(self) -> None:
        """Makes ready for the next run; returns at once."""
        if self._engine is not None and not self._engine.is_ended:
            self._engine.renew()

    def close(self) -> None:
        """Ends the workers."""
        if self._engine is not None:
            self._engine.close()
            self._engine = None


def _stamps(entries: Sequence[Path]) -> list[tuple[Path, Stamp | None]]:
    """The entries, and of jars what would tell that they are others."""
    return [(one, stamp_of(one.stat()) if one.is_file() else None) for one in entries]
