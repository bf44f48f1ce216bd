"""The management server: what each path of its HTTP interface does."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from typing import Any, Final

from sable import batch_move, formats, listing, planning, progress, requests, state, summary, wire
from sable.errors import InvalidField, Unavailable
from sable.pauses import Pauses
from sable.replica import Replica


class ManagementServer:
    """Any host answers: reads from what it has applied, changes by way of the leader."""

    def __init__(self, name: str, replica: Replica, pauses: Pauses) -> None:
        self._name: Final = name
        self._replica: Final = replica
        self._pauses: Final = pauses

    def routes(self) -> wire.Routes:
        """What each method and path does."""
        endpoint, workflow = r"/v1/endpoints/(?P<name>[^/]+)", r"/v1/workflows/(?P<name>[^/]+)"
        always: wire.Routes = [
            ("GET", "/v1/health", self.health),
            ("GET", "/v1/pauses", lambda body: self._pauses.facts()),
            ("POST", "/v1/pauses", lambda body: self._pauses.arm(body.get("after"))),
        ]
        when_ready: wire.Routes = [
            ("POST", "/v1/hosts", self.register_host),
            ("GET", "/v1/hosts", self.list_hosts),
            ("POST", "/v1/endpoints", self.register_endpoint),
            ("GET", "/v1/endpoints", self.list_endpoints),
            ("GET", endpoint, self.look_up),
            ("POST", f"{endpoint}/lock", self.lock),
            ("DELETE", f"{endpoint}/lock", self.unlock),
            ("POST", "/v1/workflows", self.start),
            ("GET", "/v1/workflows", self.list_workflows),
            ("GET", workflow, self.status),
            ("POST", f"{workflow}/cancel", self.cancel),
            ("GET", "/v1/state", self.whole_state),
        ]
        return always + [(verb, path, self._when_ready(do)) for verb, path, do in when_ready]

    def health(self, body: dict[str, Any]) -> dict[str, Any]:
        """Who this is, and whether it leads."""
        leader = self._replica.leader()
        facts = {"name": self._name, "pid": os.getpid(), "leads": self._replica.leads()}
        return {**facts, "leader": leader, "token": self._replica.view("token")}

    def register_host(self, body: dict[str, Any]) -> dict[str, Any]:
        """Makes a storage host known."""
        return self._replica.commit({"do": "register_host", **requests.parse_host(body)})

    def list_hosts(self, body: dict[str, Any]) -> dict[str, Any]:
        """Storage hosts and how full they are; with `room_for`, a size, also where a new endpoint
        of that size would go."""
        hosts, endpoints = self._replica.view("hosts"), self._replica.view("endpoints")
        reply: dict[str, Any] = {"hosts": listing.list_hosts(hosts, endpoints)}
        if "room_for" in body:
            size, free = formats.parse_size(body["room_for"]), planning.free_space(endpoints, hosts)
            reply["emptiest"] = planning.choose_target(size, None, free)
        return reply

    def register_endpoint(self, body: dict[str, Any]) -> dict[str, Any]:
        """Makes an endpoint known at the host where its records are."""
        name, host = (_text(body, field) for field in ("name", "host"))
        facts = {"name": formats.canonical_name(name), "host": formats.canonical_name(host)}
        size = formats.parse_size(body.get("bytes", 0))
        return self._replica.commit({"do": "register_endpoint", **facts, "bytes": size})

    def list_endpoints(self, body: dict[str, Any]) -> dict[str, Any]:
        """Endpoints, filtered and ordered."""
        return {"endpoints": listing.list_endpoints(self._replica.view("endpoints"), body)}

    def look_up(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """Where an endpoint lives."""
        name = formats.canonical_name(name)
        endpoint = self._find(state.find_endpoint, "endpoints", name)
        address = self._replica.view("hosts", endpoint["host"], "address")
        return {"name": name, **endpoint, "address": address}

    def lock(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """Holds an endpoint for an operator: no move takes it."""
        return self._set_lock(body, name, True)

    def unlock(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """Lets go of an endpoint that the same operator holds."""
        return self._set_lock(body, name, False)

    def start(self, body: dict[str, Any]) -> dict[str, Any]:
        """Begins to move endpoints; the same request id and batch find the same workflow."""
        command = {
            "do": "start",
            "id": f"batch-{uuid.uuid4().hex[:12]}",  # coupling: random id
            "at": batch_move.now_ms(),
            "batch": requests.parse_batch(body),
        }
        return self._replica.commit(command)

    def list_workflows(self, body: dict[str, Any]) -> dict[str, Any]:
        """Workflows, the youngest first, as rows or as lines for people."""
        now = batch_move.now_ms()
        rows = listing.list_workflows(self._replica.view("workflows"), body, now)
        if body.get("format") == "text":
            return {"text": listing.workflows_text(rows, body.get("since"), now, _offset(body))}
        return {"workflows": rows}

    def status(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """How far a workflow is, with a percentile of its moves' pauses, the `slowest` moves and
        what hosts gave and took so far; once it has ended, what came of it, as data and as text."""
        workflow = self._find(state.find_workflow, "workflows", name)
        facts = {key: value for key, value in workflow.items() if key != "batch"}
        facts["progress"] = progress.batch_progress(workflow, batch_move.now_ms())
        moves = list(workflow["moves"].values())
        pauses = [move["pause_ms"] for move in moves if move["pause_ms"] is not None]
        facts["pause_ms"] = progress.percentile(pauses, float(body.get("percentile", 50)))
        facts["slowest"] = summary.slowest(moves, max(0, int(body.get("slowest", 3))))
        facts["hosts"] = summary.host_rows(moves)
        limits = {host: known["limit"] for host, known in self._replica.view("hosts").items()}
        going = [move for move in moves if move["state"] not in state.FINAL and move["target"]]
        facts["crowded"] = planning.crowded_hosts(going, limits)
        if workflow["state"] == "ended":
            facts["text"] = summary.summary_text(workflow, _offset(body))
        return facts

    def cancel(self, body: dict[str, Any], name: str) -> dict[str, Any]:
        """Rolls a workflow back that has not switched any route."""
        return self._replica.commit({"do": "cancel", "workflow": name})

    def whole_state(self, body: dict[str, Any]) -> dict[str, Any]:
        """Everything that was committed before the call."""
        self._replica.commit({"do": "barrier"})
        return {"state": self._replica.view()}

    def _when_ready(self, do: wire.Handle) -> wire.Handle:
        """A host that was just started does not know yet what the others know."""

        def answer(body: dict[str, Any], **names: str) -> dict[str, Any]:
            if not self._replica.ready():
                raise Unavailable(f"{self._name} is catching up")
            return do(body, **names)

        return answer

    def _find(self, find: Callable[..., dict[str, Any]], kind: str, name: str) -> dict[str, Any]:
        """What is not found is looked for again with all that was committed before the call."""
        found = self._replica.view(kind, name)
        if found is None:
            self._replica.commit({"do": "barrier"})
            found = self._replica.view(kind, name)
        return find({kind: {} if found is None else {name: found}}, name)

    def _set_lock(self, body: dict[str, Any], name: str, locked: bool) -> dict[str, Any]:
        holder, name = f"operator:{_text(body, 'holder')}", formats.canonical_name(name)
        command = {"do": "set_lock", "name": name, "holder": holder, "locked": locked}
        return self._replica.commit(command)


def _offset(body: dict[str, Any]) -> int:
    return int(body.get("offset_minutes", 0))


def _text(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not value:
        raise InvalidField(f"`{field}` is a text")
    return value
