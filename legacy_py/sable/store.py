"""A storage host's data in SQLite: records, a log of changes and a fence for each endpoint."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sable import digests
from sable.errors import CopyDiffers, Fenced, Frozen, InvalidField, NotHere

SCHEMA: Final = """
create table if not exists endpoints(
  name text primary key, role text not null, frozen integer not null default 0,
  last_seq integer not null default 0, move text) without rowid;
create table if not exists records(
  endpoint text, key text, value text, seq integer not null,
  primary key (endpoint, key)) without rowid;
create table if not exists changes(
  endpoint text, seq integer, key text not null, value text, write_id text not null,
  primary key (endpoint, seq)) without rowid;
create index if not exists changes_by_write on changes(endpoint, write_id);
create table if not exists fences(endpoint text primary key, token integer not null) without rowid;
"""


class Store:
    """Endpoints are `live` (at home), `staging` (a copy in the making) or `retired` (moved away).

    One connection under one lock: SQLite writes one at a time anyway. A commit is on the disk
    (fsync) before it is acknowledged.
    """

    def __init__(self, path: Path) -> None:
        self._lock: Final = threading.RLock()
        self._db: Final = sqlite3.connect(path, check_same_thread=False, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.executescript(SCHEMA)

    def close(self) -> None:
        """Closes the data base."""
        with self._lock:
            self._db.close()

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            self._db.execute("begin immediate")
            try:
                yield self._db
            except BaseException:
                self._db.execute("rollback")
                raise
            self._db.execute("commit")

    def _endpoint(self, name: str, *roles: str) -> sqlite3.Row | tuple[Any, ...]:
        row = self._db.execute(
            "select role, frozen, last_seq, move from endpoints where name = ?", (name,)
        ).fetchone()
        if row is None or row[0] not in roles:
            raise NotHere(f"{name} is not here", endpoint=name)
        return tuple(row)

    def _pass_fence(self, db: sqlite3.Connection, name: str, token: int) -> None:
        row = db.execute("select token from fences where endpoint = ?", (name,)).fetchone()
        if row is not None and token < row[0]:
            raise Fenced(f"{token} comes after {row[0]}", endpoint=name)
        db.execute("insert or replace into fences values (?, ?)", (name, token))

    # What applications do

    def write(self, name: str, key: str, value: str | None, write_id: str) -> int:
        """The sequence number of a write; a repeated write keeps the one it had."""
        with self._transaction() as db:
            _, frozen, last_seq, _ = self._endpoint(name, "live")
            if frozen:
                raise Frozen(f"{name} is about to switch", endpoint=name)
            before = db.execute(
                "select seq from changes where endpoint = ? and write_id = ?", (name, write_id)
            ).fetchone()
            if before is not None:
                return int(before[0])
            self._apply(db, name, [[last_seq + 1, key, value, write_id]])
            return int(last_seq) + 1

    def read(self, name: str, key: str) -> dict[str, Any]:
        """The value of a key and the number of its last write; nulls for a key never written."""
        with self._lock:
            self._endpoint(name, "live")
            row = self._db.execute(
                "select value, seq from records where endpoint = ? and key = ?", (name, key)
            ).fetchone()
        return {"value": row[0], "seq": row[1]} if row else {"value": None, "seq": None}

    def load(self, name: str, rows: list[list[str]]) -> None:
        """Creates an endpoint here, or adds first records to it."""
        with self._transaction() as db:
            db.execute("insert or ignore into endpoints(name, role) values (?, 'live')", (name,))
            self._endpoint(name, "live")
            db.executemany(
                "insert or ignore into records values (?, ?, ?, 0)",
                ((name, key, value) for key, value in rows),
            )

    # What a move does at the source

    def chunk(self, name: str, after: str | None, rows: int) -> list[list[Any]]:
        """Records after a key, in the order of keys, as they are now."""
        with self._lock:
            self._endpoint(name, "live", "staging")
            found = self._db.execute(
                "select key, value, seq from records where endpoint = ? and key > ? "
                "order by key limit ?",
                (name, after or "", rows),
            ).fetchall()
        return [list(row) for row in found]

    def changes(self, name: str, after: int, rows: int) -> list[list[Any]]:
        """Entries of the change log after a sequence number."""
        with self._lock:
            self._endpoint(name, "live", "staging")
            found = self._db.execute(
                "select seq, key, value, write_id from changes where endpoint = ? and seq > ? "
                "order by seq limit ?",
                (name, after, rows),
            ).fetchall()
        return [list(row) for row in found]

    def set_frozen(self, name: str, frozen: bool, token: int) -> int:
        """Stops or admits writes; the last sequence number."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            _, _, last_seq, _ = self._endpoint(name, "live")
            db.execute("update endpoints set frozen = ? where name = ?", (int(frozen), name))
            return int(last_seq)

    def retire(self, name: str, token: int) -> None:
        """The endpoint no longer lives here; its data stays until it is dropped."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            db.execute(
                "update endpoints set role = 'retired' where name = ? and role = 'live'", (name,)
            )

    def drop(self, name: str, role: str, token: int, move: str | None = None) -> None:
        """Deletes an endpoint in that role, and of that move if one is named; else does nothing."""
        if role not in ("staging", "retired"):
            raise InvalidField(f"what is {role} is not dropped")
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            found = db.execute(
                "delete from endpoints where name = ? and role = ? and ? in (move, '')",
                (name, role, move or ""),
            )
            if found.rowcount:
                db.execute("delete from records where endpoint = ?", (name,))
                db.execute("delete from changes where endpoint = ?", (name,))

    # What a move does at the target

    def stage(self, name: str, move: str, token: int) -> dict[str, Any]:
        """Makes room for a copy, or finds what an earlier attempt of the same move has copied."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            row = db.execute("select role, move from endpoints where name = ?", (name,)).fetchone()
            if row is not None and row[0] == "live":
                raise CopyDiffers(f"{name} already lives here", endpoint=name)
            if row is None or row != ("staging", move):
                for table, column in (
                    ("endpoints", "name"),
                    ("records", "endpoint"),
                    ("changes", "endpoint"),
                ):
                    db.execute(f"delete from {table} where {column} = ?", (name,))
                db.execute(
                    "insert into endpoints(name, role, move) values (?, 'staging', ?)", (name, move)
                )
            count, last_key = db.execute(
                "select count(*), max(key) from records where endpoint = ?", (name,)
            ).fetchone()
            return {"count": count, "last_key": last_key}

    def add_chunk(self, name: str, rows: list[list[Any]], token: int) -> None:
        """Adds records to a copy; a newer one stays."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            self._endpoint(name, "staging")
            db.executemany(
                "insert into records values (?, ?, ?, ?) on conflict do update set "
                "value = excluded.value, seq = excluded.seq where excluded.seq > seq",
                ((name, *row) for row in rows),
            )

    def add_changes(self, name: str, rows: list[list[Any]], token: int) -> int:
        """Adds entries to a copy's log; the last sequence number that it then has."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            _, _, last_seq, _ = self._endpoint(name, "staging")
            new = [row for row in rows if row[0] > last_seq]
            if [row[0] for row in new] != list(range(last_seq + 1, last_seq + 1 + len(new))):
                raise CopyDiffers(f"the log of {name} has a gap after {last_seq}", endpoint=name)
            self._apply(db, name, new)
            return int(last_seq) + len(new)

    def activate(self, name: str, token: int) -> None:
        """The copy becomes the endpoint's home."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)
            self._endpoint(name, "staging", "live")
            db.execute("update endpoints set role = 'live', frozen = 0 where name = ?", (name,))

    def last_seq(self, name: str) -> int:
        """The last sequence number of an endpoint or copy."""
        with self._lock:
            return int(self._endpoint(name, "live", "staging")[2])

    # What both do

    def fence(self, name: str, token: int) -> None:
        """From now on, no command with a lower token is obeyed."""
        with self._transaction() as db:
            self._pass_fence(db, name, token)

    def digest(self, name: str, upto: int, without: list[str]) -> dict[str, Any]:
        """The digest of the records that were last written at or before a sequence number.

        Keys written later are left out and listed, so that a copy can leave out the same.
        """
        with self._lock:
            self._endpoint(name, "live", "staging")
            rows = self._db.execute(
                "select key, value, seq from records where endpoint = ?", (name,)
            ).fetchall()
            log_count = self._db.execute(
                "select count(*) from changes where endpoint = ? and seq <= ?", (name, upto)
            ).fetchone()[0]
        later = sorted({row[0] for row in rows if row[2] > upto} | set(without))
        skipped = set(later)
        facts = digests.digest_records([list(row) for row in rows if row[0] not in skipped])
        return {**facts, "log_count": log_count, "later": later}

    def inventory(self) -> list[dict[str, Any]]:
        """Every endpoint that has anything here, with its role, rows and bytes."""
        with self._lock:
            rows = self._db.execute(
                "select name, role, frozen, last_seq, "
                "(select count(*) from records where endpoint = name), "
                "(select coalesce(sum(length(cast(key as blob)) + "
                "length(cast(coalesce(value, '') as blob))), 0) "
                "from records where endpoint = name) from endpoints order by name"
            ).fetchall()
        facts = ("name", "role", "frozen", "last_seq", "rows", "bytes")
        return [dict(zip(facts, row, strict=True)) for row in rows]

    def _apply(self, db: sqlite3.Connection, name: str, entries: list[list[Any]]) -> None:
        if not entries:
            return
        db.executemany(
            "insert into changes values (?, ?, ?, ?, ?)", ((name, *entry) for entry in entries)
        )
        db.executemany(
            "insert into records values (?, ?, ?, ?) on conflict do update set "
            "value = excluded.value, seq = excluded.seq where excluded.seq > seq",
            ((name, key, value, seq) for seq, key, value, _ in entries),
        )
        db.execute("update endpoints set last_seq = ? where name = ?", (entries[-1][0], name))
