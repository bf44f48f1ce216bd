"""A client of the whole cluster: finds a management host that answers, and endpoints' homes."""

from __future__ import annotations

import time
import urllib.parse
from typing import Any, Final

from sable.errors import SableError, Unavailable
from sable.wire import Client

# coupling: module-level cache
_addresses: dict[str, str] = {}


class Fleet:
    """Calls whichever management host answers; may be used by many threads."""

    def __init__(self, hosts: list[str], client: Client) -> None:
        self._hosts: Final = hosts
        self._client: Final = client
        self._first = 0

    def call(
        self, method: str, path: str, body: dict[str, Any] | None = None, patience: float = 15.0
    ) -> dict[str, Any]:
        """The reply of the first host that answers; Unavailable when none has for `patience`
        seconds. A call may be carried out twice, so a start needs a request id."""
        deadline = time.monotonic() + patience
        while True:
            address = self._hosts[self._first % len(self._hosts)]
            try:
                return self._client.call(address, method, path, body, timeout=4.0)
            except Unavailable:
                self._first += 1
                if time.monotonic() > deadline:
                    raise
            time.sleep(0.05)

    def ask_storage(self, address: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """The reply of one storage host: a GET without a body, else a POST."""
        return self._client.call(address, "GET" if body is None else "POST", path, body)

    def route(self, name: str, fresh: bool = False) -> str:
        """The address where an endpoint lives, as last looked up in this process."""
        if fresh or name not in _addresses:
            reply = self.call("GET", f"/v1/endpoints/{urllib.parse.quote(name, safe='')}")
            _addresses[name] = reply["address"]
        return _addresses[name]

    def wait_for(self, workflow: str, seconds: float) -> dict[str, Any]:
        """The status of a workflow once it has ended; Unavailable when that takes too long."""
        deadline = time.monotonic() + seconds
        while True:
            status = self.call("GET", f"/v1/workflows/{workflow}")
            if status["state"] == "ended":
                return status
            if time.monotonic() > deadline:
                raise Unavailable(f"{workflow} has not ended after {seconds} s")
            time.sleep(0.1)

    def state(self) -> dict[str, Any]:
        """Everything that the cluster had committed before the call."""
        state: dict[str, Any] = self.call("GET", "/v1/state")["state"]
        return state

    def answers(self, address: str) -> dict[str, Any] | None:
        """The health of one process; None when it does not answer."""
        try:
            return self._client.call(address, "GET", "/v1/health", timeout=1.0)
        except SableError:
            return None
