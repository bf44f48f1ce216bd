"""One process of the cluster, watched: `python -m sable_trial.watched` in place of `sable.host`.

A management host keeps what each state of BatchMoveEndpoint would have been given and what came
of it (`GET /v1/hops`). A storage host keeps what it was asked to do (`GET /v1/calls`), fails where
it is told to (`POST /v1/faults`), and can be looked at without a trace (`POST /v1/look`). The
server itself knows nothing of this.
"""

from __future__ import annotations

import os
import threading
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any, Final

from sable import batch_move, driving, host, planning, retries, runner, server, settings, state
from sable.errors import KINDS, SableError
from sable.replica import Replica
from sable.storage import StorageHost
from sable_trial import worlds

STATES: Final = {
    "lock": "LockEndpoint",
    "copy": "CopyChunks",
    "catch_up": "CatchUp",
    "verify": "VerifyCopy",
    "freeze": "FreezeSource",
    "switch": "SwitchRoute",
    "release": "ReleaseSource",
}
Hop = dict[str, Any]


def main() -> None:
    """A host as `sable.host` runs it."""
    if settings.read_settings().role == "management":
        watch_management(Hops())
    else:
        host.StorageHost = WatchedStorage  # type: ignore[misc]
    host.main()


# ---------------------------------------------------------------- storage hosts


class WatchedStorage(StorageHost):
    """A storage host that keeps the commands and questions of moves."""

    def __init__(self, *about: Any) -> None:
        super().__init__(*about)
        self._calls: dict[str, list[str]] = {}
        self._faults: dict[tuple[str, str], int] = {}
        self._guard = threading.Lock()

    def routes(self) -> Any:
        """Those of a storage host, watched, and the means to watch."""
        kept = {"/v1/command", "/v1/digest", "/v1/last_seq"}
        return [
            *((verb, path, self._kept(path, do) if path in kept else do)
              for verb, path, do in super().routes()),
            ("GET", "/v1/calls", lambda body: {"calls": self._calls}),
            ("POST", "/v1/faults", self.plant),
            ("POST", "/v1/look", self.look),
        ]  # fmt: skip

    def plant(self, body: dict[str, Any]) -> dict[str, Any]:
        """The next so many commands of a kind about an endpoint are not answered."""
        self._faults[body["do"], body["endpoint"]] = body["times"]
        return {}

    def look(self, body: dict[str, Any]) -> dict[str, Any]:
        """An endpoint with its records as a digest, as far as it is here."""
        rows = [row for row in self._store.inventory() if row["name"] == body["endpoint"]]
        if not rows or rows[0]["role"] == "retired":
            return {"found": rows}
        digest = self._store.digest(body["endpoint"], rows[0]["last_seq"], [])
        return {"found": rows, "digest": digest}

    def _kept(self, path: str, do: Callable[..., Any]) -> Callable[..., Any]:
        def kept(body: dict[str, Any]) -> Any:
            word, name = str(body.get("do", path)), str(body.get("endpoint"))
            with self._guard:
                # Each once, in the order in which they first came: how often one is repeated
                # depends on how fast the hosts are.
                words = self._calls.setdefault(name, [])
                if word not in words:
                    words.append(word)
                left = self._faults.get((word, name), 0)
                self._faults[word, name] = left - 1
            if left > 0:
                raise KINDS["Unavailable"](f"{word} of {name} is told to fail {left} times")
            return do(body)

        return kept


# ---------------------------------------------------------------- management hosts


class Hops:
    """What the states of the workflow were given and gave, in the order in which each began.

    What a step has left in the world is looked at when the next one of the same move begins.
    """

    def __init__(self) -> None:
        self.kept: list[Hop] = []
        self.look: Callable[[str, str | None], Any] = lambda workflow, endpoint: None
        self.concurrency: Callable[[Any], tuple[list[Any], int]] = lambda moves: (moves, 0)
        self._last: dict[tuple[str, str | None], Hop] = {}
        self._tries: Counter[tuple[str, str, str]] = Counter()
        self._lock = threading.Lock()

    def begin(self, name: str, event: Any, about: tuple[str, str | None] | None = None) -> Hop:
        """A state is entered; `about` is the workflow, and the endpoint where a move is meant."""
        if about is not None:
            self.close(about)
        hop = {"state": name, "input": worlds.copied(event), "at": time.monotonic_ns()}
        with self._lock:
            self.kept.append(hop)
        if about is not None:
            self._last[about] = hop
        return hop

    def close(self, about: tuple[str, str | None]) -> None:
        """What the last step about something has left is there now."""
        hop = self._last.pop(about, None)
        if hop is not None:
            hop["world"] = worlds.copied(self.look(*about))

    def run(self, hop: Hop, do: Callable[[], Any]) -> Any:
        """What `do` returns or raises, kept with the hop."""
        try:
            hop["returned"] = worlds.copied(returned := do())
            return returned
        except SableError as error:
            hop["raised"] = error.name
            raise

    def attempt(self, *what: str) -> int:
        """How many attempts there were before this one."""
        self._tries[what] += 1  # type: ignore[index]
        return self._tries[what] - 1  # type: ignore[index]


def watch_management(hops: Hops) -> None:
    """Has the server's functions keep what they are given and give."""
    _watch_replica(hops)
    _watch_planning(hops)
    _watch_moves(hops)
    _watch_end(hops)
    _give_ids()
    routes = server.ManagementServer.routes

    def with_hops(self: Any) -> Any:
        return [*routes(self), ("GET", "/v1/hops", lambda body: {"hops": hops.kept})]

    server.ManagementServer.routes = with_hops  # type: ignore[method-assign]


def _give_ids() -> None:
    """Workflows are named as the world says: the port has to drive one of the same name."""
    given = iter(filter(None, os.environ.get("SABLE_TRIAL_IDS", "").split(",")))
    named = (SimpleNamespace(hex=name.removeprefix("batch-")) for name in given)
    server.uuid = SimpleNamespace(uuid4=lambda: next(named))  # type: ignore[assignment]


def _watch_replica(hops: Hops) -> None:
    commit, join = Replica.commit, Replica.join

    def joined(self: Any, *about: Any) -> None:
        def ask(name: str, path: str, body: dict[str, Any] | None) -> Any:
            address = self.view("hosts", name, "address")
            return client.call(address, "GET" if body is None else "POST", path, body)

        client = runner.Client()
        hops.look = lambda *about: worlds.part(self.view, ask, *about)
        hops.concurrency = lambda moves: waves(moves, self.view("hosts"))
        join(self, *about)

    def committed(self: Any, command: dict[str, Any], *more: Any) -> Any:
        begin = COMMANDS.get(command["do"])
        hop = begin(hops, command) if begin else None
        if hop is None:
            return commit(self, command, *more)
        reply = hops.run(hop, lambda: commit(self, command, *more))
        hops.close((command["workflow"], None))
        if hop["state"] == "FinishWorkflow":  # whose result is that of the whole
            hop["returned"] = hop["input"]["summary"]
        if hop["state"] == "RecordPlan":
            _list_moves(hops, hop, self.view("workflows", command["workflow"]))
        return reply

    Replica.join = joined  # type: ignore[method-assign]
    Replica.commit = committed  # type: ignore[method-assign]


def _claim(hops: Hops, command: dict[str, Any]) -> Hop:
    event = {key: command[key] for key in ("workflow", "leader")}
    return hops.begin("ClaimWorkflow", event, (command["workflow"], None))


def _plan(hops: Hops, command: dict[str, Any]) -> Hop:
    about = (command["workflow"], None)
    event = {key: command[key] for key in ("workflow", "token")}
    error = command["moves"][0].get("error")
    if error is None:
        return hops.begin("RecordPlan", {**event, "moves": command["moves"]}, about)
    told = {"Error": error, "Cause": command["moves"][0]["text"]}
    return hops.begin("GiveUpPlan", {**event, "error": told}, about)


def _finish(hops: Hops, command: dict[str, Any]) -> Hop:
    event = {key: command[key] for key in ("workflow", "token", "summary")}
    read = hops.kept[-1]["input"]  # of Summarise: nothing goes on beside it
    return hops.begin("FinishWorkflow", {**event, "read": read}, (command["workflow"], None))


COMMANDS: Final = {"claim": _claim, "plan": _plan, "finish": _finish}


def _list_moves(hops: Hops, planned: Hop, workflow: dict[str, Any]) -> None:
    """What the state machine asks for, as the server's loop comes to it: the moves in waves."""
    open_moves = [one for one in workflow["moves"].values() if one["state"] not in state.FINAL]
    ordered, most = hops.concurrency(open_moves)
    planned["returned"]["concurrency"] = most
    event = {key: planned["input"][key] for key in ("workflow", "token")}
    same = {**event, "chunk_size": workflow["batch"]["chunk_size"]}
    hop = hops.begin("ListMoves", event)
    hop["returned"] = worlds.copied([{**same, "move": move} for move in ordered])


def waves(moves: list[Any], known: dict[str, Any]) -> tuple[list[Any], int]:
    """The order in which the server starts moves of equal length, and how many at a time."""
    limits = {name: one["limit"] for name, one in known.items()}
    waiting, ordered, most = list(moves), [], 0
    while waiting:
        wave = planning.next_moves(waiting, [], limits)
        waiting = [move for move in waiting if move not in wave]
        ordered += wave
        most = max(most, len(wave))
    return ordered, most


def _watch_planning(hops: Hops) -> None:
    read_workflow, plan_batch = batch_move.read_workflow, batch_move.plan_batch

    def read(workflow: str, replica: Any) -> Any:
        planned = replica.view("workflows", workflow, "state") != "validated"
        name = "ReadMoves" if planned else "ReadWorkflow"
        hop = hops.begin(name, {"workflow": workflow})
        reads[workflow] = hops.run(hop, lambda: read_workflow(workflow, replica))
        return reads[workflow]

    def planned_batch(workflow: dict[str, Any], *with_whom: Any) -> Any:
        hop = hops.begin("PlanBatch", reads[workflow["id"]])
        return hops.run(hop, lambda: plan_batch(workflow, *with_whom))

    reads: dict[str, Any] = {}
    batch_move.read_workflow = read
    batch_move.plan_batch = planned_batch


def _event(context: dict[str, Any]) -> dict[str, Any]:
    return {key: context[key] for key in ("workflow", "token", "chunk_size", "move")}


def _about(context: dict[str, Any]) -> tuple[str, str]:
    return context["workflow"], context["move"]["endpoint"]


def _watch_moves(hops: Hops) -> None:
    run_move, end_move, turn_back = driving.run_move, driving.end_move, driving.turn_back
    roll_back = driving._roll_back

    def run(context: Any, *more: Any) -> None:
        if context["move"]["step"] is None:
            hop = hops.begin("AdmitMove", {**_event(context), "attempt": 0}, _about(context))
            hop["returned"] = {}
        run_move(context, *more)

    def end(context: Any, ends: str, **facts: Any) -> None:
        if ends != "moved":  # a part of RollBack
            return end_move(context, ends, **facts)
        event = {"context": _event(context), "state": ends}
        hop = hops.begin("EndMove", event, _about(context))
        hops.run(hop, lambda: end_move(context, ends, **facts))
        return hops.close(_about(context))

    def turn(context: Any, error: SableError) -> bool:
        if driving._switched(context):
            return turn_back(context, error)
        told = {"Error": error.name, "Cause": error.text}
        event = {"context": _event(context), "error": told}
        hop = hops.begin("TurnBack", event, _about(context))
        return bool(hops.run(hop, lambda: turn_back(context, error)))

    def back(context: Any, *more: Any) -> None:
        hop = hops.begin("RollBack", {**_event(context), "attempt": 0}, _about(context))
        hops.run(hop, lambda: roll_back(context, *more))
        hops.close(_about(context))

    runner.driving.run_move = run
    driving.end_move, driving.turn_back, driving._roll_back = end, turn, back
    for step, do in batch_move.STEPS.items():
        batch_move.STEPS[step] = _watched_step(hops, step, do)


def _watched_step(hops: Hops, step: str, do: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def run(context: Any) -> Any:
        name, attempt = STATES[step], hops.attempt(step, *_about(context))
        if step == "switch" and attempt >= retries.MOST_ATTEMPTS:
            # Once it has given up, the state machine goes on in a state of its own.
            name, attempt = "FinishSwitch", attempt - retries.MOST_ATTEMPTS
        hop = hops.begin(name, {**_event(context), "attempt": attempt}, _about(context))
        return hops.run(hop, lambda: do(context))

    return run


def _watch_end(hops: Hops) -> None:
    summarise = runner.summary.summarise

    def summarised(workflow: dict[str, Any], at: int) -> Any:
        hop = hops.begin("Summarise", {"workflow": workflow, "finished_at": at})
        return hops.run(hop, lambda: summarise(workflow, at))

    # The runner's own name for it: status pages summarise as well.
    runner.summary = SimpleNamespace(**{**vars(runner.summary), "summarise": summarised})  # type: ignore[assignment]


if __name__ == "__main__":
    main()
