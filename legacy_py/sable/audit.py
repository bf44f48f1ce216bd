"""The audit: every acknowledged write against every home, route and lock."""

from __future__ import annotations

import json
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sable.errors import SableError
from sable.fleet import Fleet
from sable.workload import first_records

KINDS = ("lost", "duplicated", "homeless", "locked", "changed", "frozen", "leftover", "unfinished")
PAGE = 2000


@dataclass(frozen=True, slots=True)
class Violation:
    """One way in which the cluster is not as it must be when no workflow runs."""

    kind: str
    endpoint: str
    text: str


def audit(fleet: Fleet, folder: Path) -> list[Violation]:
    """Violations of a cluster whose loads and acknowledged writes are journalled in a folder."""
    state = fleet.state()
    homes = read_homes(fleet, state)
    violations = [*check_state(state), *check_homes(state, homes)]
    loaded = {line["endpoint"]: line["rows"] for line in read_journal(folder, "loaded*.jsonl")}
    written: dict[str, list[dict[str, Any]]] = {}
    for line in read_journal(folder, "acknowledged-*.jsonl"):
        written.setdefault(line["endpoint"], []).append(line)
    for name, endpoint in state["endpoints"].items():
        if (endpoint["host"], name) in homes and homes[endpoint["host"], name]["role"] == "live":
            address = state["hosts"][endpoint["host"]]["address"]
            records, changes = read_endpoint(fleet, address, name)
            first = first_records(name, loaded.get(name, 0))
            violations += check_records(name, first, written.get(name, []), records, changes)
    unknown = sorted((set(loaded) | set(written)) - set(state["endpoints"]))
    violations += [Violation("homeless", name, "has data but no route") for name in unknown]
    return sorted(violations, key=lambda v: (KINDS.index(v.kind), v.endpoint, v.text))


def check_state(state: dict[str, Any]) -> list[Violation]:
    """Locks that are held, workflows that have not ended, copies that were not swept."""
    found = [
        Violation("locked", name, f"held by {facts['locked_by']}")
        for name, facts in state["endpoints"].items()
        if facts["locked_by"] is not None
    ]
    for workflow in state["workflows"].values():
        if workflow["state"] != "ended":
            found.append(Violation("unfinished", "", f"{workflow['id']} is {workflow['state']}"))
    for left in state["leftovers"].values():
        found.append(Violation("leftover", left["endpoint"], f"a copy to sweep on {left['host']}"))
    return found


def check_homes(
    state: dict[str, Any], homes: dict[tuple[str, str], dict[str, Any]]
) -> list[Violation]:
    """Endpoints with no live home or several, frozen homes, and what lies about elsewhere."""
    found = []
    live: dict[str, list[str]] = {}
    for (host, name), facts in homes.items():
        if facts["role"] == "live":
            live.setdefault(name, []).append(host)
            if facts["frozen"]:
                found.append(Violation("frozen", name, f"on {host}"))
        else:
            found.append(Violation("leftover", name, f"{facts['role']} on {host}"))
    for name in sorted(set(state["endpoints"]) | set(live)):
        hosts = live.get(name, [])
        route = state["endpoints"].get(name, {}).get("host")
        if len(hosts) > 1:
            found.append(Violation("duplicated", name, f"lives on {', '.join(sorted(hosts))}"))
        if route not in hosts:
            found.append(Violation("homeless", name, f"route says {route}, lives on {hosts}"))
    return found


def check_records(
    name: str,
    first: list[list[str]],
    written: Iterable[dict[str, Any]],
    records: list[list[Any]],
    changes: list[list[Any]],
) -> list[Violation]:
    """Each acknowledged write once in the log, as acknowledged; records as the log makes them."""
    found = []
    by_id = {change[3]: change for change in changes}
    for write_id, times in Counter(change[3] for change in changes).items():
        if times > 1:
            found.append(Violation("duplicated", name, f"write {write_id} is logged {times} times"))
    for line in written:
        change = by_id.get(line["id"])
        wanted = [line["seq"], line["key"], line["value"], line["id"]]
        if change is None:
            found.append(Violation("lost", name, f"write {line['id']} of {line['key']}"))
        elif change != wanted:
            found.append(Violation("changed", name, f"write {line['id']}: {change} for {wanted}"))
    if [change[0] for change in changes] != list(range(1, len(changes) + 1)):
        found.append(Violation("lost", name, "the change log has a gap"))
    expected = {key: (value, 0) for key, value in first}
    expected.update({key: (value, seq) for seq, key, value, _ in changes})
    have = {key: (value, seq) for key, value, seq in records}
    for key in sorted(set(expected) | set(have)):
        if key not in have:
            found.append(Violation("lost", name, f"record {key}"))
        elif expected.get(key) != have[key]:
            found.append(Violation("changed", name, f"record {key} is not what was written last"))
    return found


def read_homes(fleet: Fleet, state: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """What every storage host has, by host and endpoint; Unavailable when one does not answer."""
    return {
        (host, found["name"]): found
        for host, facts in state["hosts"].items()
        for found in fleet.ask_storage(facts["address"], "/v1/inventory")["endpoints"]
    }


def read_endpoint(fleet: Fleet, address: str, name: str) -> tuple[list[Any], list[Any]]:
    """All records and all changes of an endpoint at its home."""
    records: list[list[Any]] = []
    while True:
        ask = {"endpoint": name, "after": records[-1][0] if records else None, "rows": PAGE}
        page = fleet.ask_storage(address, "/v1/chunk", ask)
        records += page["records"]
        if page["done"]:
            break
    changes: list[list[Any]] = []
    while True:
        ask = {"endpoint": name, "after": changes[-1][0] if changes else 0, "rows": PAGE}
        page = fleet.ask_storage(address, "/v1/changes", ask)["changes"]
        changes += page
        if len(page) < PAGE:
            return records, changes


def read_journal(folder: Path, pattern: str) -> Iterable[dict[str, Any]]:
    """The lines of journals; a last line cut off by a kill was never acknowledged."""
    for path in sorted(folder.glob(pattern)):
        for line in path.read_text("utf-8").splitlines():
            try:
                yield json.loads(line)
            except ValueError:
                continue


def settle(fleet: Fleet, seconds: float) -> None:
    """Returns when no workflow runs and nothing is left to sweep, or when the time is over."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            state = fleet.state()
        except SableError:
            continue
        ended = all(workflow["state"] == "ended" for workflow in state["workflows"].values())
        if ended and not state["leftovers"]:
            return
        time.sleep(0.1)


def counts_text(violations: list[Violation]) -> str:
    """The number of violations of each kind: `0 lost, 0 duplicated, ...`."""
    counts = Counter(found.kind for found in violations)
    return ", ".join(f"{counts[kind]} {kind}" for kind in KINDS)
