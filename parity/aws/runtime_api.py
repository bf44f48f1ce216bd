"""Lambda's Runtime API: what AWS's runtime interface client in each JVM speaks."""

from __future__ import annotations

import json
import re
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar, Final, Protocol

from parity.aws.faults import Fault, Faults
from parity.aws.sandboxes import Invocation, Reply, Sandbox, failure

PATH: Final = re.compile(r"/(\w+)/2018-06-01/runtime/(.+)")
PACKAGES: Final = "/parity/packages/"
MOST_BYTES: Final = 6 * 1024 * 1024
"""The largest payload that Lambda takes or gives."""


class Sandboxes(Protocol):
    """Where the JVMs are that call."""

    def find(self, sandbox: str) -> Sandbox | None:
        """The JVM of this name."""

    def describe(self) -> list[dict[str, Any]]:
        """All JVMs, for whoever watches."""

    def package(self, digest: str) -> bytes | None:
        """The package of a function by its SHA-256, as hexadecimal digits."""

    @property
    def faults(self) -> Faults:
        """What is to go wrong, and what did."""


def serve_runtime_api(sandboxes: Sandboxes) -> str:
    """Listens on loopback; answers its address, to which a JVM adds its own name."""
    handler = type("Handler", (_Handler,), {"sandboxes": sandboxes})
    server = _Server(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"127.0.0.1:{server.server_address[1]}"


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one write for headers and body
    sandboxes: ClassVar[Sandboxes]

    def do_GET(self) -> None:
        if self.path == "/parity/sandboxes":
            self._send(200, json.dumps(self.sandboxes.describe()).encode())
            return
        if self.path == "/parity/faults":
            self._send(200, json.dumps(self.sandboxes.faults.hits()).encode())
            return
        if self.path.startswith(PACKAGES):
            package = self.sandboxes.package(self.path.removeprefix(PACKAGES))
            self._send(404 if package is None else 200, package or b"{}")
            return
        sandbox, what = self._asked()
        if sandbox is None or what != "invocation/next":
            self._send(404, b"{}")
            return
        invocation = sandbox.pool.take(sandbox)
        if invocation is None:
            sandbox.kill()
            self.close_connection = True
            return
        if not invocation.border.hands_out(sandbox):
            self.close_connection = True
            return
        try:
            self._send(200, invocation.payload, _headers(invocation))
        except OSError:
            sandbox.pool.put_back(sandbox)

    def do_POST(self) -> None:
        sandbox, what = self._asked()
        body = self._body()
        if self.path == "/parity/faults":
            self.sandboxes.faults.plan(Fault(**one) for one in json.loads(body))
            self._send(202, b"{}")
            return
        if sandbox is None:
            self._send(404, b"{}")
            return
        if what == "init/error":
            sandbox.init_error = Reply(body or b"{}", error=True)
        else:
            self._answer(sandbox, what, body)
        self._send(202, b'{"status":"OK"}')

    def _answer(self, sandbox: Sandbox, what: str, body: bytes) -> None:
        invocation = sandbox.invocation
        parts = what.split("/")
        if invocation is None or len(parts) != 3 or parts[1] != invocation.id:
            return
        if parts[2] == "response" and len(body) > MOST_BYTES:
            said = "Response payload size exceeded maximum allowed payload size (6291556 bytes)."
            reply = failure("Function.ResponseSizeTooLarge", said)
        else:
            reply = Reply(body, error=parts[2] == "error")
        heard = invocation.border.answered(sandbox, reply)
        if heard is not None:
            invocation.answer(heard)

    def _asked(self) -> tuple[Sandbox | None, str]:
        found = PATH.fullmatch(self.path)
        return (self.sandboxes.find(found[1]), found[2]) if found else (None, "")

    def _body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", ""):
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        self.send_response_only(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


def _headers(invocation: Invocation) -> dict[str, str]:
    headers = {
        "Lambda-Runtime-Aws-Request-Id": invocation.id,
        "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
        "Lambda-Runtime-Invoked-Function-Arn": invocation.arn,
        "Lambda-Runtime-Trace-Id": _trace(invocation),
    }
    if invocation.client_context:
        headers["Lambda-Runtime-Client-Context"] = invocation.client_context
    return headers


def _trace(invocation: Invocation) -> str:
    return f"Root=1-{int(invocation.deadline):08x}-{invocation.id[-12:]:0>24};Sampled=0"
