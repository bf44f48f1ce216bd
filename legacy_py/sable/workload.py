"""Records to start with, and writers and readers that keep a journal of what was acknowledged."""

from __future__ import annotations

import json
import os
import random
import threading
import time
from pathlib import Path
from typing import Any, Final, TextIO

from sable import progress, retries
from sable.errors import SableError
from sable.fleet import Fleet

BATCH: Final = 500
STEMS: Final = (
    "orders",
    "größe",
    "東京-倉庫",
    "Zürich.ch",
    "naïve",
    "logs_2024",
    "ÆON",
    "tête-à-tête",
)


def endpoint_names(count: int) -> list[str]:
    """Names as people give them, in many scripts, each once."""
    return [f"{STEMS[number % len(STEMS)]}-{number:03d}" for number in range(count)]


def first_records(name: str, count: int) -> list[list[str]]:
    """The records that an endpoint is loaded with: the same whenever they are asked for."""
    return [[f"key-{n:06d}", f"{name}/{n}: " + "€µ-data " * (3 + n % 9)] for n in range(count)]


def load(fleet: Fleet, homes: dict[str, tuple[str, str]], rows: int, folder: Path) -> None:
    """Writes and registers endpoints; `homes` gives each one's host and that host's address."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "loaded.jsonl").open("a", encoding="utf-8") as journal:
        for name, (host, address) in homes.items():
            records, size = first_records(name, rows), 0
            for start in range(0, max(rows, 1), BATCH):
                body = {"endpoint": name, "rows": records[start : start + BATCH]}
                fleet.ask_storage(address, "/v1/load", body)
                size += sum(len(key.encode()) + len(value.encode()) for key, value in body["rows"])
            fleet.call("POST", "/v1/endpoints", {"name": name, "host": host, "bytes": size})
            journal.write(json.dumps({"endpoint": name, "rows": rows}) + "\n")


class Workload:
    """Writers and readers in threads. A write counts once it is in the journal, on the disk."""

    def __init__(
        self, fleet: Fleet, names: list[str], rows: int, folder: Path, attempts: int = 200
    ) -> None:
        self._fleet: Final = fleet
        self._names: Final = names
        self._rows: Final = rows
        self._folder: Final = folder
        self._attempts: Final = attempts  # after which a writer gives a write up
        self._began: float | None = None
        self._stopped: float | None = None
        self._ended: Final = threading.Event()
        self._threads: list[threading.Thread] = []
        self.pauses: Final[list[float]] = []  # milliseconds that a write waited for a switch
        self.acknowledged = 0
        self.unknown = 0
        self.reads = 0
        self.stale: Final[list[str]] = []

    def begin(self, writers: int, readers: int, per_second: float = 50.0) -> None:
        """Starts threads, each of which makes at most so many calls a second."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._began = time.monotonic()
        for number in range(writers + readers):
            work = self._write if number < writers else self._read
            args = (f"{os.getpid()}-{time.time_ns()}-{number}", number, 1 / per_second)
            self._threads.append(threading.Thread(target=work, args=args, daemon=True))
            self._threads[-1].start()

    def end(self) -> None:
        """Waits until every write that was begun is acknowledged, or known to be unknown."""
        self._ended.set()
        for thread in self._threads:
            thread.join(60)
        self._stopped = time.monotonic()

    def facts(self) -> dict[str, Any]:
        """Counts, and the pauses that writers saw, in milliseconds."""
        now = self._stopped or time.monotonic()
        elapsed_ms = 0.0 if self._began is None else (now - self._began) * 1000
        return {
            "acknowledged": self.acknowledged,
            "rate": progress.rate_text(self.acknowledged, elapsed_ms, "writes"),
            "unknown": self.unknown,
            "reads": self.reads,
            "stale_reads": len(self.stale),
            "pauses": len(self.pauses),
            "pause_p50_ms": round(progress.percentile(self.pauses, 50), 1),
            "pause_p99_ms": round(progress.percentile(self.pauses, 99), 1),
        }

    def _write(self, me: str, seed: int, every: float) -> None:
        dice, number = random.Random(seed), 0
        with (self._folder / f"acknowledged-{me}.jsonl").open("a", encoding="utf-8") as journal:
            while not self._ended.wait(every):
                number += 1
                name = dice.choice(self._names)
                key = f"key-{dice.randrange(max(1, self._rows * 11 // 10)):06d}"
                value = None if dice.random() < 0.05 else f"{me}#{number} é{dice.random()}"
                self._write_one(journal, (name, key, value, f"{me}.{number}"))

    def _write_one(self, journal: TextIO, write: tuple[str, str, str | None, str]) -> None:
        name, key, value, write_id = write
        body = {"endpoint": name, "key": key, "value": value, "write_id": write_id}
        began, waited, attempt = time.perf_counter(), False, 0
        while True:
            attempt += 1
            try:
                address = self._fleet.route(name, fresh=attempt > 1)
                seq = self._fleet.ask_storage(address, "/v1/write", body)["seq"]
                break
            except SableError as error:
                decision, wait = retries.writer_decision(error.name, attempt, self._attempts)
                waited = waited or error.name in ("Frozen", "NotHere")
                if decision == "give_up":
                    self.unknown += 1
                    return
                time.sleep(wait / 1000)
        if waited:
            self.pauses.append((time.perf_counter() - began) * 1000)
        line = {"endpoint": name, "key": key, "value": value, "id": write_id, "seq": seq}
        journal.write(json.dumps(line) + "\n")
        journal.flush()
        os.fsync(journal.fileno())
        self.acknowledged += 1

    def _read(self, me: str, seed: int, every: float) -> None:
        """Reads keys again and again: what was read once must never be followed by older."""
        dice, seen = random.Random(seed), dict[tuple[str, str], int]()
        stale_route = False
        while not self._ended.wait(every):
            name, key = dice.choice(self._names), f"key-{dice.randrange(20):06d}"
            try:
                address = self._fleet.route(name, fresh=stale_route)
                found = self._fleet.ask_storage(address, "/v1/read", {"endpoint": name, "key": key})
                stale_route = False
            except SableError:
                stale_route = True
                time.sleep(0.02)
                continue
            self.reads += 1
            seq = found["seq"] if found["seq"] is not None else -1
            if seq < seen.get((name, key), -1):
                self.stale.append(f"{name} {key}: {seq} after {seen[name, key]}")
            seen[name, key] = seq
