"""JSON over HTTP on loopback: the client's call, and the server that both kinds of host use."""

from __future__ import annotations

import http.client
import json
import re
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from sable.errors import (
    BodyTooLarge,
    InvalidField,
    MalformedJson,
    SableError,
    Unavailable,
    UnknownPath,
    WrongMethod,
    error_from_json,
)

LARGEST_BODY: Final = 1 << 20
DRAINED: Final = 32 << 20
Handle = Callable[..., dict[str, Any]]
Routes = list[tuple[str, str, Handle]]
_connections = threading.local()


def call(
    address: str, method: str, path: str, body: dict[str, Any] | None = None, timeout: float = 5.0
) -> dict[str, Any]:
    """The reply of a server; its named error is raised, silence is Unavailable."""
    pool: dict[str, http.client.HTTPConnection] = _connections.__dict__
    payload = None if body is None else json.dumps(body).encode()
    kept = pool.pop(address, None)
    for connection in (kept, None) if kept is not None else (None,):
        fresh = connection is None
        connection = connection or http.client.HTTPConnection(address, timeout=timeout)
        try:
            if fresh:
                connection.connect()
            elif connection.sock is not None:
                connection.sock.settimeout(timeout)
            connection.request(method, path, payload, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            data = json.loads(reply.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError) as error:
            connection.close()
            if fresh or isinstance(error, TimeoutError):
                raise Unavailable(f"{address} does not answer: {type(error).__name__}") from error
            continue
        if reply.will_close:
            connection.close()
        else:
            pool[address] = connection
        if reply.status >= 400:
            raise error_from_json(data, reply.status)
        return dict(data)
    raise Unavailable(f"{address} does not answer")


def hang_up() -> None:
    """Closes the connections that this thread keeps."""
    for connection in _connections.__dict__.values():
        connection.close()
    _connections.__dict__.clear()


class Server(ThreadingHTTPServer):
    """An HTTP server on loopback whose routes are `(method, pattern, handle)`."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, port: int, routes: Routes) -> None:
        self.routes: Final = [(method, re.compile(path), handle) for method, path, handle in routes]
        super().__init__(("127.0.0.1", port), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Callers that vanish are no news."""

    def answer(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the handle of a path returns."""
        methods = set()
        for wanted, pattern, handle in self.routes:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if wanted == method:
                return handle(body, **found.groupdict())
            methods.add(wanted)
        if methods:
            raise WrongMethod(f"{path} takes {', '.join(sorted(methods))}, not {method}")
        raise UnknownPath(f"there is no {path}")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = 1 << 16
    timeout = 60
    server: Server

    def do_GET(self) -> None:
        """Answers any method: the routes say which ones a path has."""
        try:
            status, reply = 200, self.server.answer(self.command, self.path, self._body())
        except SableError as error:
            status, reply = error.status, error.as_json()
        except (KeyError, TypeError, ValueError) as error:
            status, reply = 400, InvalidField(f"{type(error).__name__}: {error}").as_json()
        data = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(data)

    do_POST = do_PUT = do_DELETE = do_PATCH = do_GET  # noqa: N815 - http.server's names

    def _body(self) -> dict[str, Any]:
        length = self.headers.get("Content-Length") or "0"
        if not length.isdigit() or self.headers.get("Transfer-Encoding"):
            self.close_connection = True
            raise MalformedJson("the length of the body is not known")
        if int(length) > LARGEST_BODY:
            self.close_connection = True
            self._drain(int(length))
            raise BodyTooLarge(f"a body has at most {LARGEST_BODY} bytes, not {length}")
        data = self.rfile.read(int(length))
        if not data:
            return {}
        try:
            body = json.loads(data)
        except (ValueError, RecursionError) as error:
            raise MalformedJson(f"the body is not JSON: {error}") from error
        if not isinstance(body, dict):
            raise MalformedJson("the body is not a JSON object")
        return body

    def _drain(self, length: int) -> None:
        """Reads past a body: a caller who still sends would see a reset, not the error."""
        deadline = time.monotonic() + 5
        left = min(length, DRAINED)
        while left > 0 and time.monotonic() < deadline:
            read = len(self.rfile.read(min(left, 1 << 16)))
            left -= read if read else left

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - http.server's
        """Says nothing: a line per request hides what matters."""
