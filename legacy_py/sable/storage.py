"""A storage host: the store behind HTTP, and the pulling of copies from another host."""

from __future__ import annotations

import os
from typing import Any

from sable import chunks, wire
from sable.errors import InvalidField
from sable.store import Store


class StorageHost:
    """Answers applications, and does its part of a move when the leader says so."""

    def __init__(self, store: Store, client: wire.Client) -> None:
        self._store = store
        self._client = client

    def routes(self) -> wire.Routes:
        """What each method and path does."""
        return [
            ("GET", "/v1/health", lambda body: {"pid": os.getpid()}),
            ("GET", "/v1/inventory", lambda body: {"endpoints": self._store.inventory()}),
            ("POST", "/v1/write", self.write),
            ("POST", "/v1/read", lambda body: self._store.read(body["endpoint"], body["key"])),
            ("POST", "/v1/load", self.load),
            ("POST", "/v1/chunk", self.chunk),
            ("POST", "/v1/changes", self.changes),
            ("POST", "/v1/digest", self.digest),
            ("POST", "/v1/last_seq", lambda b: {"last_seq": self._store.last_seq(b["endpoint"])}),
            ("POST", "/v1/command", self.command),
        ]

    def write(self, body: dict[str, Any]) -> dict[str, Any]:
        """One write of an application."""
        name, key, value, write_id = (body[f] for f in ("endpoint", "key", "value", "write_id"))
        if not isinstance(key, str) or not key or not isinstance(value, str | None):
            raise InvalidField("a write has a key, a text, and a value, a text or null")
        return {"seq": self._store.write(name, key, value, str(write_id))}

    def load(self, body: dict[str, Any]) -> dict[str, Any]:
        """First records of an endpoint."""
        for key, value in body["rows"]:
            if not isinstance(key, str) or not key or not isinstance(value, str):
                raise InvalidField("a record is a key and a value, texts")
        self._store.load(body["endpoint"], body["rows"])
        return {"rows": len(body["rows"])}

    def chunk(self, body: dict[str, Any]) -> dict[str, Any]:
        """Records after a key."""
        rows = self._store.chunk(body["endpoint"], body.get("after"), int(body["rows"]))
        return {**chunks.chunk_bounds(rows, int(body["rows"])), "records": rows}

    def changes(self, body: dict[str, Any]) -> dict[str, Any]:
        """Changes after a sequence number."""
        rows = self._store.changes(body["endpoint"], int(body["after"]), int(body["rows"]))
        return {"changes": rows}

    def digest(self, body: dict[str, Any]) -> dict[str, Any]:
        """The digest of an endpoint or copy."""
        return self._store.digest(body["endpoint"], int(body["upto"]), body.get("without") or [])

    def command(self, body: dict[str, Any]) -> dict[str, Any]:
        """One command of the leader, obeyed when its token is not older than the last one."""
        name, token = body["endpoint"], int(body["token"])
        match body["do"]:
            case "fence":
                self._store.fence(name, token)
            case "freeze" | "thaw" as verb:
                return {"last_seq": self._store.set_frozen(name, verb == "freeze", token)}
            case "retire":
                self._store.retire(name, token)
            case "drop":
                self._store.drop(name, body["role"], token, body.get("move"))
            case "stage":
                return self._store.stage(name, body["move"], token)
            case "activate":
                self._store.activate(name, token)
            case "pull_chunk":
                return self._pull_chunk(name, body, token)
            case "pull_changes":
                return self._pull_changes(name, body, token)
            case other:
                raise InvalidField(f"there is no command {other!r}")
        return {}

    def _pull_chunk(self, name: str, body: dict[str, Any], token: int) -> dict[str, Any]:
        ask = {"endpoint": name, "after": body["after"], "rows": body["rows"]}
        reply = self._client.call(body["source"], "POST", "/v1/chunk", ask)
        self._store.add_chunk(name, reply.pop("records"), token)
        return reply

    def _pull_changes(self, name: str, body: dict[str, Any], token: int) -> dict[str, Any]:
        """Pulls the log until nothing new comes: from then on only what is written meanwhile."""
        last_seq, pulled = self._store.last_seq(name), 0
        for _ in range(int(body["rounds"])):
            ask = {"endpoint": name, "after": last_seq, "rows": 2000}
            rows = self._client.call(body["source"], "POST", "/v1/changes", ask)["changes"]
            last_seq = self._store.add_changes(name, rows, token)
            pulled += len(rows)
            if len(rows) < 2000:
                break
        return {"last_seq": last_seq, "pulled": pulled}
