"""The process of the control plane: moto, the Runtime API, and the JVMs that they start.

Its standard input is a pipe: when that is closed, it and all that it started end.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import shutil
import signal
import sys
import threading
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from parity.aws.faults import Faults
from parity.aws.runtime_api import PACKAGES, serve_runtime_api
from parity.aws.runtime_jars import unpack_native
from parity.aws.sandboxes import Invocation, Machine, Pool, Reply, Sandbox, Settings, failure

ACCOUNT: Final = "123456789012"
MARK: Final = "parity-code.json"
"""The only entry of a package that stands for code which is on this machine already."""


@dataclass(frozen=True, slots=True)
class Orders:
    """What the control plane is started with."""

    port: int
    region: str
    folder: str
    logs: str
    java: str
    runtime: list[str]
    concurrency: int
    environment: dict[str, str]


def package_of(entries: tuple[str, ...], *, unpacked: bool) -> bytes:
    """A package for `create_function` that stands for code on this machine."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        mark = zipfile.ZipInfo(MARK)  # with a fixed date: the same code has the same hash
        archive.writestr(mark, json.dumps({"entries": entries, "unpacked": unpacked}))
    return packed.getvalue()


class Functions:
    """All pools of JVMs, one for each version of a function."""

    machine: Machine
    account = ACCOUNT

    def __init__(self, orders: Orders) -> None:
        self.orders = orders
        self.faults = Faults()
        self._lock = threading.Lock()
        self._pools: dict[tuple[str, str], Pool] = {}
        self._codes: dict[str, tuple[tuple[str, ...], str]] = {}
        self._packages: dict[str, bytes] = {}
        self._handed_out: dict[str, tuple[str, str]] = {}

    def find(self, sandbox: str) -> Sandbox | None:
        """The JVM of this name."""
        with self._lock:
            pools = list(self._pools.values())
        for pool in pools:
            if found := pool.sandboxes.get(sandbox):
                return found
        return None

    def invoke(self, function: Any, arn: str, payload: bytes, client_context: str = "") -> Reply:
        """Runs a handler; `function` is moto's record of one version."""
        runtime = str(function.run_time)
        if not runtime.startswith("java"):
            said = f"the local AWS runs Java handlers; the runtime of {arn} is {runtime}"
            return failure("Runtime.Unsupported", said)
        invocation = Invocation(payload or b"{}", arn, client_context)
        return self.faults.invoke(self._pool(function), invocation)

    def describe(self) -> list[dict[str, Any]]:
        """Each JVM: function, version, process, state, its request, and how many it has had."""
        with self._lock:
            pools = list(self._pools.values())
        return [
            {
                "id": sandbox.id,
                "function": pool.settings.name,
                "version": pool.settings.version,
                "pid": sandbox.process.pid,
                "state": sandbox.state,
                "request": sandbox.invocation.id if sandbox.invocation else None,
                "invocations": sandbox.invocations,
            }
            for pool in pools
            for sandbox in list(pool.sandboxes.values())
        ]

    def package(self, digest: str) -> bytes | None:
        """A package that was handed out, by its SHA-256 as hexadecimal digits."""
        with self._lock:
            return self._packages.get(digest)

    def hand_out(self, function: Any) -> tuple[str, str]:
        """Where the package of a function can be fetched, and its `CodeSha256`.

        Where code on this machine stands for a package, that is packed now, as it would be
        deployed.
        """
        marked = str(function.code_sha_256)
        with self._lock:
            if marked not in self._handed_out:
                data = _packed(bytes(function.code_bytes))
                digest = hashlib.sha256(data)
                self._packages[digest.hexdigest()] = data
                told = base64.b64encode(digest.digest()).decode()
                self._handed_out[marked] = digest.hexdigest(), told
            name, told = self._handed_out[marked]
        return f"http://{self.machine.api}{PACKAGES}{name}", told

    def _pool(self, function: Any) -> Pool:
        settings = self._settings(function)
        key = (settings.arn, settings.version)
        with self._lock:
            pool = self._pools.get(key)
            if pool is None or pool.settings != settings:
                if pool is not None:
                    pool.retire()
                pool = self._pools[key] = Pool(settings, self.machine)
            return pool

    def _settings(self, function: Any) -> Settings:
        classpath, folder = self._code(function)
        reserved = function.reserved_concurrency
        most = self.orders.concurrency
        latest = ":" not in function.function_arn.partition(":function:")[2]
        return Settings(
            name=function.function_name,
            version="$LATEST" if latest else str(function.version),
            arn=function.function_arn,
            handler=function.handler,
            memory=int(function.memory_size),
            timeout=float(function.timeout),
            environment=tuple(sorted(function.environment_vars.items())),
            classpath=classpath,
            folder=folder,
            concurrency=min(most, int(reserved)) if reserved else most,
        )

    def _code(self, function: Any) -> tuple[tuple[str, ...], str]:
        """The class path and the task folder of a function's package, unpacked once."""
        digest = str(function.code_sha_256)
        with self._lock:
            if digest not in self._codes:
                self._codes[digest] = self._unpack(function.code_bytes, digest)
            return self._codes[digest]

    def _unpack(self, data: bytes, digest: str) -> tuple[tuple[str, ...], str]:
        name = base64.urlsafe_b64encode(digest.encode()).decode()[:24]
        folder = Path(self.orders.folder) / "code" / name
        folder.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.namelist() != [MARK]:
                archive.extractall(folder)
                return (str(folder), *_libraries(folder)), str(folder)
            mark = json.loads(archive.read(MARK))
        if not mark["unpacked"]:
            return tuple(mark["entries"]), str(folder)
        with zipfile.ZipFile(mark["entries"][0]) as archive:
            archive.extractall(folder)
        return (str(folder), *_libraries(folder)), str(folder)


def _packed(data: bytes) -> bytes:
    """A package as it is; of one that stands for code on this machine, that code."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        if archive.namelist() != [MARK]:
            return data
        mark = json.loads(archive.read(MARK))
    entries = [Path(entry) for entry in mark["entries"]]
    if mark["unpacked"]:
        return entries[0].read_bytes()
    packed, seen = io.BytesIO(), set()
    with zipfile.ZipFile(packed, "w") as made:
        for entry in entries:
            files = [entry] if entry.is_file() else sorted(entry.rglob("*"))
            for file in (one for one in files if one.is_file()):
                lib = file == entry
                name = f"lib/{file.name}" if lib else file.relative_to(entry).as_posix()
                if name not in seen:  # the class path's first counts
                    seen.add(name)
                    made.writestr(zipfile.ZipInfo(name), file.read_bytes())
    return packed.getvalue()


def _libraries(folder: Path) -> list[str]:
    """The jars that Lambda puts on the class path beside the package itself."""
    return sorted(str(jar) for jar in (folder / "lib").glob("*.jar"))


def main() -> None:
    """Serves until its standard input is closed."""
    orders = Orders(**json.loads(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, args=(orders.folder,), daemon=True).start()
    functions = Functions(orders)
    api = serve_runtime_api(functions)
    functions.machine = machine = _machine(orders, api)
    from parity.aws.moto_server import serve_moto

    port = serve_moto(functions, orders.port, orders.region)
    machine.environment["AWS_ENDPOINT_URL"] = f"http://127.0.0.1:{port}"
    print(json.dumps({"port": port, "api": api, "pid": os.getpid()}), flush=True)
    threading.Event().wait()


def _machine(orders: Orders, api: str) -> Machine:
    folder = Path(orders.folder)
    scratch = folder / "tmp"
    scratch.mkdir(exist_ok=True)
    logs = Path(orders.logs)
    logs.mkdir(parents=True, exist_ok=True)
    environment = {
        **orders.environment,
        "AWS_REGION": orders.region,
        "AWS_DEFAULT_REGION": orders.region,
    }
    return Machine(
        java=orders.java,
        runtime=tuple(orders.runtime),
        native=str(unpack_native([Path(jar) for jar in orders.runtime], folder)),
        api=api,
        environment=environment,
        logs=logs,
        scratch=scratch,
    )


def _end_with_parent(folder: str) -> None:
    try:
        while os.read(0, 1024):
            pass
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    main()
