"""Finds what there is to do on the host that leads, and has it done by a pool of threads."""

from __future__ import annotations

import itertools
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

from sable import batch_move, driving, planning, retries, state, summary
from sable.errors import SableError, Unavailable
from sable.pauses import Pauses
from sable.replica import Replica
from sable.wire import Client

TICK: Final = 0.03  # seconds between two looks
SWEEP_EVERY: Final = 20  # looks


class Runner:
    """Drives a workflow from its claim until another claim, whatever this host believes to be."""

    def __init__(self, replica: Replica, name: str, pauses: Pauses, workers: int) -> None:
        self._replica: Final = replica
        self._name: Final = name
        self._pauses: Final = pauses
        self._client: Final = Client()  # coupling: collaborator made in a constructor
        self._workers: Final = ThreadPoolExecutor(workers, "move")  # coupling: thread pool
        self._lock: Final = threading.Lock()  # coupling: lock
        self._busy: set[tuple[str, str, int]] = set()
        self._tokens: dict[str, int] = {}
        self._stopped: Final = threading.Event()

    def run(self) -> None:
        """Looks for work until stopped."""
        looks = 0
        while not self._stopped.wait(TICK):
            looks += 1
            try:
                if not self._replica.leads():
                    self._tokens.clear()
                    continue
                for name in self._replica.unfinished():
                    self._advance(name)
                if looks % SWEEP_EVERY == 0:
                    self._start(("", "sweep", 0), self._sweep)
            except Unavailable:  # no majority at the moment
                self._tokens.clear()

    def stop(self) -> None:
        """Begins no more work."""
        self._stopped.set()
        self._workers.shutdown(wait=False, cancel_futures=True)

    def _advance(self, name: str) -> None:
        if name not in self._tokens:
            claim = {"do": "claim", "workflow": name, "leader": self._name}
            self._tokens[name] = self._replica.commit(claim)["token"]
        workflow, token = self._replica.view("workflows", name), self._tokens[name]
        moves = workflow["moves"].values()
        with self._lock:
            whole = (name, "", token) in self._busy  # is planned or summarised, or pauses after it
        if workflow["token"] != token:
            del self._tokens[name]
        elif whole:
            return
        elif workflow["state"] == "validated":
            self._start((name, "", token), self._plan, workflow)
        elif all(move["state"] in state.FINAL for move in moves):
            self._start((name, "", token), self._summarise, workflow)
        else:
            for move in self._startable(workflow):
                self._start((name, move["endpoint"], token), self._move, workflow, move)

    def _startable(self, workflow: dict[str, Any]) -> list[dict[str, Any]]:
        """Moves that an earlier leader has begun, and waiting ones that the limits admit.

        A host's limit holds for all workflows together.
        """
        with self._lock:
            busy = {(name, endpoint): token for name, endpoint, token in self._busy}
        begun, resumed, waiting = [], [], []
        for name in self._replica.unfinished():
            for move in self._replica.view("workflows", name, "moves").values():
                driven = busy.get((name, move["endpoint"]))
                if move["state"] in state.FINAL:
                    continue
                if move["state"] != "waiting" or driven is not None:
                    begun.append(move)
                if name == workflow["id"] and driven != workflow["token"]:
                    (resumed if move in begun else waiting).append(move)
        limits = {name: host["limit"] for name, host in self._replica.view("hosts").items()}
        return resumed + planning.next_moves(waiting, begun, limits)

    def _start(self, key: tuple[str, str, int], work: Callable[..., None], *about: Any) -> None:
        with self._lock:
            if key in self._busy:
                return
            self._busy.add(key)
        self._workers.submit(self._guard, key, work, *about)

    def _guard(self, key: tuple[str, str, int], work: Callable[..., None], *about: Any) -> None:
        try:
            work(*about)
        except SableError as error:
            if error.name != "Fenced":
                traceback.print_exc(file=sys.stderr)
        except Exception:  # a defect: say so, the next look starts the work again
            traceback.print_exc(file=sys.stderr)
        finally:
            with self._lock:
                self._busy.discard(key)

    def _plan(self, workflow: dict[str, Any]) -> None:
        self._pauses.reached("validate", workflow["id"])
        read = batch_move.read_workflow(workflow["id"], self._replica)["workflow"]
        for attempt in itertools.count(1):
            self._stopped.wait(retries.wait_ms(attempt - 1) / 1000)
            try:
                moves = batch_move.plan_batch(read, self._replica, self._client)
                break
            except SableError as error:
                if retries.decide("plan", error.name, attempt, False) == "roll_back":
                    end = {"state": "rolled_back", "error": error.name, "text": error.text}
                    moves = [{"endpoint": name, **end} for name in workflow["moves"]]
                    break
        self._insist(workflow, "plan", moves=moves)
        self._pauses.reached("plan", workflow["id"])

    def _move(self, workflow: dict[str, Any], move: dict[str, Any]) -> None:
        context: batch_move.Context = {
            "replica": self._replica,
            "client": self._client,
            "address": self._address,
            "workflow": workflow["id"],
            "token": workflow["token"],
            "chunk_size": workflow["batch"]["chunk_size"],
            "move": move,
        }
        driving.run_move(context, self._pauses, self._stopped.wait)

    def _summarise(self, workflow: dict[str, Any]) -> None:
        read = batch_move.read_workflow(workflow["id"], self._replica)
        at, whole = read["finished_at"], read["workflow"]
        self._insist(workflow, "finish", summary=summary.summarise(whole, at), at=at)
        self._pauses.reached("summarise", workflow["id"])

    def _sweep(self) -> None:
        """Deletes the copies that rolled-back moves had to leave behind."""
        for key, left in self._replica.view("leftovers").items():
            token = (left["token"] + 1) * batch_move.COMMANDS_OF_A_TOKEN - 1
            body = {"do": "drop", "role": "staging", **left, "token": token}
            try:
                self._client.call(self._address(left["host"]), "POST", "/v1/command", body)
            except SableError as error:
                if error.name != "Fenced":  # fenced: a later move has overwritten it
                    continue
            self._replica.commit({"do": "sweep", "key": key})

    def _address(self, host: str) -> str:
        return str(self._replica.view("hosts", host, "address"))

    def _insist(self, workflow: dict[str, Any], do: str, **facts: Any) -> None:
        command = {"do": do, "workflow": workflow["id"], "token": workflow["token"], **facts}
        batch_move.insist(self._replica, command)
