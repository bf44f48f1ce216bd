"""The law of BatchMoveEndpoint, held against the port: its table, and the storage hosts.

`sable.audit` looks at routes, locks, homes and every acknowledged write, as it does in a cluster of
the legacy server; here the table stands for that. Besides, each move has to have ended once.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sable import audit
from sable.audit import Violation
from sable.errors import UnknownEndpoint
from sable.fleet import Fleet

if TYPE_CHECKING:
    from sable_trial.cloud import Cloud

FINAL: Final = ("moved", "rolled_back")


class CloudFleet(Fleet):
    """A fleet whose state is in a table: to writers and to the audit it is as any other.

    Hosts that are gone for good are known to whoever has taken them away; nobody can ask them, and
    what was to be swept there stays for ever.
    """

    def __init__(self, cloud: Cloud) -> None:
        assert cloud.fleet is not None
        super().__init__([], cloud.fleet.client)
        self.cloud: Final = cloud
        self.gone: Final[set[str]] = set()
        self._routes: Final[dict[str, str]] = {}
        self._homes: Final[dict[str, str]] = {}

    def state(self) -> dict[str, Any]:
        """All that the table has, less what nobody can look at any more."""
        known = self.cloud.known()
        for part, host in (("hosts", None), ("leftovers", "host")):
            known[part] = {
                name: facts
                for name, facts in known[part].items()
                if (name if host is None else facts[host]) not in self.gone
            }
        return known

    def route(self, name: str, fresh: bool = False) -> str:
        """The address where an endpoint lives, as last looked up."""
        if fresh or name not in self._homes:
            endpoint = self.cloud.one("endpoints", name)
            if endpoint is None:
                raise UnknownEndpoint(f"there is no endpoint {name}")
            host = endpoint["host"]
            if host not in self._routes:
                self._routes[host] = (self.cloud.one("hosts", host) or {})["address"]
            self._homes[name] = self._routes[host]
        return self._homes[name]


def violations(fleet: CloudFleet, journal: Path, homes: dict[str, str]) -> list[Violation]:
    """All ways in which the law does not hold; `homes` says where each endpoint was at first."""
    return [*audit.audit(fleet, journal), *check_moves(fleet.state(), homes)]


def check_moves(state: dict[str, Any], homes: dict[str, str]) -> list[Violation]:
    """Moves that have not ended, or otherwise than the routes say; summaries that say otherwise."""
    found: list[Violation] = []
    switches: Counter[str] = Counter()
    at = dict(homes)
    for workflow in sorted(state["workflows"].values(), key=lambda one: one["created_at"]):
        moves = workflow["moves"].values()
        for move in moves:
            found += _check_end(workflow["id"], move, at)
            if move["state"] == "moved":
                switches[move["endpoint"]] += 1
                at[move["endpoint"]] = move["target"]
        found += _check_summary(workflow)
    for name, endpoint in state["endpoints"].items():
        versions, moved = endpoint["version"] - 1, switches[name]
        if versions != moved:
            kind = "duplicated" if versions > moved else "lost"
            found.append(Violation(kind, name, f"switched {versions} times, moved {moved} times"))
        if name in at and endpoint["host"] != at[name]:
            text = f"route says {endpoint['host']}, its moves ended on {at[name]}"
            found.append(Violation("homeless", name, text))
    return found


def _check_end(workflow: str, move: dict[str, Any], at: dict[str, str]) -> list[Violation]:
    name, state = move["endpoint"], move["state"]
    if state not in FINAL:
        return [Violation("unfinished", name, f"its move by {workflow} is {state}")]
    if bool(move["switched"]) is not (state == "moved"):
        told = f"its move by {workflow} is {state}, switched is {move['switched']}"
        return [Violation("changed", name, told)]
    if name in at and move["source"] != at[name]:
        told = f"{workflow} took it from {move['source']}, it was on {at[name]}"
        return [Violation("homeless", name, told)]
    return []


def _check_summary(workflow: dict[str, Any]) -> list[Violation]:
    summary, moves = workflow["summary"], workflow["moves"].values()
    if summary is None:
        return []  # which the audit calls unfinished
    ends = Counter(move["state"] for move in moves)
    said = {state: summary[state] for state in FINAL}
    if said != {state: ends[state] for state in FINAL}:
        return [Violation("changed", "", f"the summary of {workflow['id']} says {said}: {ends}")]
    return []
