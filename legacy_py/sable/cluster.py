"""Starts and ends the processes of a cluster on this machine, each known by its process id."""

from __future__ import annotations

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sable.errors import AlreadyRegistered, Unavailable, UnknownPath
from sable.fleet import Fleet
from sable.wire import Client

PACKAGE: Final = Path(__file__).resolve().parent.parent
PORTS: Final = range(20_000, 32_000)  # below those that outgoing connections take


class Cluster:
    """Management and storage hosts as child processes; none of them outlives this process."""

    program = "sable.host"
    """The module that each process runs."""

    def __init__(self, folder: Path, plan: dict[str, dict[str, Any]]) -> None:
        self.folder: Final = folder
        self.plan: Final = plan
        self.client: Final = Client()
        self.fleet: Final = Fleet(self.addresses("management"), self.client)
        self._processes: dict[str, subprocess.Popen[bytes]] = {}

    @classmethod
    def make(
        cls, folder: Path, management: int = 3, sources: int = 4, targets: int = 4, **env: str
    ) -> Cluster:
        """A cluster with ports of its own that are free now; `env` goes to every process."""
        if (folder / "cluster.json").exists():
            raise AlreadyRegistered(f"{folder} holds a cluster already")
        folder.mkdir(parents=True, exist_ok=True)
        names = [f"m{number}" for number in range(1, management + 1)]
        stores = [f"{side}{n}" for side, most in (("source-", sources), ("target-", targets))
                  for n in range(1, most + 1)]  # fmt: skip
        ports = free_ports(2 * len(names) + len(stores))
        raft = {name: f"127.0.0.1:{ports.pop()}" for name in names}
        plan: dict[str, dict[str, Any]] = {}
        for name in names + stores:
            role = "management" if name in raft else "storage"
            plan[name] = {"role": role, "port": ports.pop(), "env": dict(env)}
            if role == "management":
                partners = ",".join(address for other, address in raft.items() if other != name)
                plan[name]["env"].update(SABLE_RAFT_ADDRESS=raft[name], SABLE_PARTNERS=partners)
        return cls(folder, plan)

    @classmethod
    def known(cls, folder: Path) -> Cluster:
        """The cluster that another process keeps in a folder: to be called, not to be started."""
        try:
            return cls(folder, json.loads((folder / "cluster.json").read_text("utf-8")))
        except FileNotFoundError as error:
            raise UnknownPath(
                f"{folder} holds no cluster: `python -m sable up` makes one"
            ) from error

    def addresses(self, role: str) -> list[str]:
        """The HTTP addresses of a role's hosts."""
        return [self.address(name) for name in self.names(role)]

    def names(self, role: str) -> list[str]:
        """The names of a role's hosts."""
        return [name for name, facts in self.plan.items() if facts["role"] == role]

    def address(self, name: str) -> str:
        """The HTTP address of a host."""
        if name not in self.plan:
            raise UnknownPath(f"there is no host {name}: {', '.join(self.plan)}")
        return f"127.0.0.1:{self.plan[name]['port']}"

    def start(self, *names: str) -> None:
        """Starts hosts, all if none is named, and returns when they answer."""
        for name in names or self.plan:
            self._spawn(name)
        (self.folder / "cluster.json").write_text(json.dumps(self.plan, indent=1), "utf-8")
        deadline = time.monotonic() + 30
        for name in names or self.plan:
            while self.fleet.answers(self.address(name)) is None:
                process = self._processes[name]
                if process.poll() is not None or time.monotonic() > deadline:
                    raise Unavailable(f"{name} did not start, see {self.folder / name}/stderr")
                time.sleep(0.02)

    def register(self, capacity: str = "4 TiB", limit: int = 4) -> None:
        """Makes every storage host known to the management hosts."""
        for name in self.names("storage"):
            body = {"name": name, "address": self.address(name), "capacity": capacity}
            self.fleet.call("POST", "/v1/hosts", {**body, "limit": limit})

    def leader(self, patience: float = 10.0) -> str:
        """The name of the host that leads; Unavailable when there is none for that many seconds."""
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            leaders = []
            for name in self.names("management"):
                health = self.fleet.answers(self.address(name))
                if health is not None and health["leads"]:
                    leaders.append((health["token"], name))
            if leaders:
                return max(leaders)[1]
            time.sleep(0.03)
        raise Unavailable("no leader")

    def kill(self, name: str) -> int:
        """Ends a host without warning, and returns its process id."""
        process = self._processes[name]
        process.kill()
        process.wait(10)
        return process.pid

    @contextmanager
    def suspended(self, name: str) -> Iterator[None]:
        """Stops a host for a while: it looks dead, and then goes on where it was."""
        process = self._processes[name]
        process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            process.send_signal(signal.SIGCONT)

    def arm(self, name: str, point: str | None) -> dict[str, Any]:
        """Arms a pause point of a management host; None lets everyone go on."""
        return self.client.call(self.address(name), "POST", "/v1/pauses", {"after": point})

    def paused(self, name: str) -> list[str]:
        """The workflows and endpoints that wait at the armed point of a management host."""
        return list(self.client.call(self.address(name), "GET", "/v1/pauses")["waiting"])

    def dead(self) -> list[str]:
        """Hosts that were started and do not run."""
        return [name for name, process in self._processes.items() if process.poll() is not None]

    def stop(self) -> None:
        """Ends every process of this cluster, without warning if it has not ended by then."""
        for process in self._processes.values():
            process.terminate()
        deadline = time.monotonic() + 3
        for process in self._processes.values():
            try:
                process.wait(max(0, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(10)
            if process.stdin is not None:
                process.stdin.close()
        self._processes.clear()
        self.client.close()

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *about: object) -> None:
        self.stop()

    def _spawn(self, name: str) -> None:
        old = self._processes.get(name)
        if old is not None and old.poll() is None:
            return
        if old is not None and old.stdin is not None:
            old.stdin.close()
        facts, folder = self.plan[name], self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        paths = filter(None, [str(PACKAGE), os.environ.get("PYTHONPATH")])
        told = {
            "SABLE_ROLE": facts["role"],
            "SABLE_NAME": name,
            "SABLE_FOLDER": str(folder),
            "SABLE_PORT": str(facts["port"]),
            "PYTHONPATH": os.pathsep.join(paths),
            **facts["env"],
        }
        with (folder / "stderr").open("ab") as errors:
            process = subprocess.Popen(
                [sys.executable, "-m", self.program],
                stdin=subprocess.PIPE,  # the host ends when this end closes
                stdout=errors,
                stderr=errors,
                env={**os.environ, **told},
                start_new_session=True,
            )
        self._processes[name] = process
        facts["pid"] = process.pid


def kill_known(cluster: Cluster, name: str) -> int:
    """Kills a host of a cluster that another process keeps, once it has said its process id."""
    health = cluster.fleet.answers(cluster.address(name))
    if health is None:
        raise Unavailable(f"{name} does not run")
    os.kill(health["pid"], signal.SIGKILL)
    return int(health["pid"])


def free_ports(count: int) -> list[int]:
    """Different ports that nobody listens on now."""
    chosen: list[int] = []
    while len(chosen) < count:
        port = random.choice(PORTS)
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port not in chosen:
            chosen.append(port)
    return chosen
