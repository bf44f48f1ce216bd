"""Summaries of files, kept by content: made of new files only, on all processors."""

from __future__ import annotations

import hashlib
import marshal
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, TypeVar

from parity.remembered import write_quietly
from parity.scan.gathering import Gathered
from parity.scan.reading import read_source, with_examples
from parity.scan.sources import Source
from parity.scan.summarising import summarise
from parity.scan.summary import Head, Summary, from_row

WORTH_A_PROCESS: Final = 400_000
"""Bytes of sources below which another process costs more than it saves."""
LITERAL_IMPORTS: Final = ("import_module", "__import__")
BROKEN: Final = (OSError, ValueError, EOFError, LookupError, TypeError)

Given = TypeVar("Given")
Made = TypeVar("Made")


class Kept:
    """Summaries of all files that were gathered, the users last; read or made when they are asked
    for."""

    def __init__(self, gathered: Gathered) -> None:
        self.gathered = gathered
        self.files = (*gathered.sources, *gathered.users)
        self.sources = [source for source, _ in self.files]
        self.count = len(gathered.sources)
        self.cache = gathered.options.cache
        readers = [gathered.reader] * self.count + [f"{gathered.reader} user"] * len(gathered.users)
        self.keys = [_key(*one, reader) for one, reader in zip(self.files, readers, strict=True)]
        self._made: dict[int, Summary] = {}

    def heads(self) -> list[Head]:
        """Of every file; those of files that did not change stand together in one file."""
        place = self.cache / "heads" if self.cache is not None else None
        known = _loaded(place) if place is not None else None
        rows: dict[str, Any] = known if isinstance(known, dict) else {}
        missing = [at for at, key in enumerate(self.keys) if key not in rows]
        if missing:
            for at, row in zip(missing, self._new_heads(missing), strict=True):
                rows[self.keys[at]] = row
            if place is not None:
                write_quietly(place, marshal.dumps({key: rows[key] for key in self.keys}))
        return [Head(*rows[key]) for key in self.keys]

    def summary(self, at: int) -> Summary:
        """The summary of a file."""
        made = self._made.pop(at, None)
        if made is not None:
            return made
        return self.summary_by(self.keys[at]) or self._make(at)

    def summary_by(self, key: str) -> Summary | None:
        """The summary that is kept of a file as it is, or was; None where there is none."""
        place = self._place(key)
        kept = _loaded(place) if place is not None else None
        try:
            return from_row(kept) if kept is not None else None
        except BROKEN:
            return None

    def _new_heads(self, missing: Sequence[int]) -> list[Any]:
        if self.cache is None:
            self._made = {at: self._make(at) for at in missing}
            return [_head(self._made[at]) for at in missing]
        size = sum(len(self.files[at][1]) for at in missing)
        chunks = [list(missing[start::16]) for start in range(16)] if size else []
        heads: dict[int, Any] = {}
        for found in side_by_side(self._head_rows, [one for one in chunks if one], size):
            heads.update(found)
        return [heads[at] for at in missing]

    def _head_rows(self, chunk: Sequence[int]) -> list[tuple[int, Any]]:
        return [(at, _head(self.summary(at))) for at in chunk]

    def _make(self, at: int) -> Summary:
        source, data = self.files[at]
        read = read_source(data)
        if at >= self.count:
            read = with_examples(read)
        summary = summarise(read, source.module, source.is_package)
        place = self._place(self.keys[at])
        if place is not None:
            write_quietly(place, marshal.dumps(summary.row()))
        return summary

    def _place(self, key: str) -> Path | None:
        return self.cache / f"{key}.summary" if self.cache is not None else None


def side_by_side(
    work: Callable[[Given], Made], items: Sequence[Given], size: int
) -> Iterator[Made]:
    """What `work` makes of each item, in no order, on all processors where `size` is worth it.

    Only where a process can be forked as it is: `work` may then be anything.
    """
    workers = min(len(items), _processors())
    if workers < 2 or size < WORTH_A_PROCESS or not _may_fork():
        yield from map(work, items)
        return
    from multiprocessing import get_context

    _Work.now = work
    try:
        with get_context("fork").Pool(workers) as pool:
            yield from pool.imap_unordered(_Work.do, items)
    finally:
        _Work.now = None


@contextmanager
def meanwhile(work: Callable[[], Made], size: int) -> Iterator[Callable[[], Made]]:
    """What `work` gives, to be asked for when it is needed: made in a process of its own until
    then, where `size` is worth that and no other process is at work."""
    if _processors() < 2 or size < WORTH_A_PROCESS or not _may_fork():
        made = work()
        yield lambda: made
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_context

    _Work.now = lambda _: work()
    try:
        with ProcessPoolExecutor(1, get_context("fork")) as pool:
            yield pool.submit(_Work.do, None).result
    finally:
        _Work.now = None


class _Work:
    """What forked processes find as their parent left it."""

    now: Any = None

    @staticmethod
    def do(item: Any) -> Any:
        return _Work.now(item)


def _processors() -> int:
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def _may_fork() -> bool:
    import threading

    can = hasattr(os, "fork") and os.name == "posix"
    return can and threading.active_count() == 1 and _Work.now is None


def _loaded(place: Path) -> Any:
    try:
        return marshal.loads(place.read_bytes())
    except BROKEN:
        return None


def _head(summary: Summary) -> list[Any]:
    reaches = {target for _, target, *_ in summary.imports} | {one[0] for one in summary.stars}
    reaches |= set(_literal(summary.calls))
    is_open = bool(summary.stars) or "__getattr__" in summary.names
    gives = None if is_open else sorted(summary.names)
    return [summary.imports, summary.notes, sorted(reaches), summary.lines, gives]


def _literal(calls: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Modules that are imported by a name that is written."""
    for call in calls:
        if call[12] and call[9].rpartition(".")[2] in LITERAL_IMPORTS:
            yield str(call[12])


def _key(source: Source, data: bytes, reader: str) -> str:
    """All that a summary depends on: the bytes, the module's name, and who reads them."""
    whole = hashlib.sha256(data)
    whole.update(f"\0{source.module}\0{source.is_package}\0{reader}".encode())
    return whole.hexdigest()[:40]
