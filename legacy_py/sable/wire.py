"""JSON over HTTP on loopback: the client's call, and the server that both kinds of host use."""

from __future__ import annotations

import json
import re
import socket
import urllib.parse
from collections.abc import Callable, Iterable
from typing import Any, Final

import urllib3
import waitress

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
LARGEST_READ: Final = 64 << 20  # a larger body is cut off before it has a named error
Handle = Callable[..., dict[str, Any]]
Routes = list[tuple[str, str, Handle]]


class Client:
    """Calls servers over kept connections; may be used by many threads."""

    def __init__(self) -> None:
        self._pools: Final = urllib3.PoolManager(num_pools=32, maxsize=16, retries=False)

    def call(
        self,
        address: str,
        method: str,
        path: str,
        body: dict[str, Any] | None = None,
        timeout: float = 5.0,
    ) -> dict[str, Any]:
        """The reply of a server; its named error is raised, silence is Unavailable."""
        try:
            reply = self._pools.request(
                method,
                f"http://{address}{path}",
                body=None if body is None else json.dumps(body).encode(),
                headers={"Content-Type": "application/json"},
                timeout=urllib3.Timeout(connect=1.0, read=timeout),
            )
            data = json.loads(reply.data or b"{}")
        except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
            raise Unavailable(f"{address} does not answer: {type(error).__name__}") from error
        if reply.status >= 400:
            raise error_from_json(data, reply.status)
        return dict(data)

    def close(self) -> None:
        """Closes all connections."""
        self._pools.clear()


class Server:
    """An HTTP server on loopback whose routes are `(method, pattern, handle)`."""

    def __init__(self, port: int, routes: Routes, threads: int = 16) -> None:
        self._routes: Final = [(verb, re.compile(path), handle) for verb, path, handle in routes]
        self._server: Final = waitress.create_server(
            self._app,
            host="127.0.0.1",
            port=port,
            threads=threads,
            max_request_body_size=LARGEST_READ,
            channel_timeout=600,
            ident=None,
        )
        # Kept connections answer in small packets: waiting to fill one costs 40 ms each.
        self._server.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def run(self) -> None:
        """Answers until it is closed."""
        self._server.run()

    def close(self) -> None:
        """Answers no more."""
        self._server.close()

    def answer(self, method: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """What the handle of a path returns; UnknownPath or WrongMethod where there is none."""
        methods = set()
        for wanted, pattern, handle in self._routes:
            found = pattern.fullmatch(path)
            if found is None:
                continue
            if wanted == method:
                return handle(body, **found.groupdict())
            methods.add(wanted)
        if methods:
            raise WrongMethod(f"{path} takes {', '.join(sorted(methods))}, not {method}")
        raise UnknownPath(f"there is no {path}")

    def _app(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        try:
            path = environ["PATH_INFO"].encode("latin-1").decode()  # WSGI's way to say bytes
            query = dict(urllib.parse.parse_qsl(environ.get("QUERY_STRING", "")))
            body = {**query, **read_body(environ)}
            status, reply = 200, self.answer(environ["REQUEST_METHOD"], path, body)
        except SableError as error:
            status, reply = error.status, error.as_json()
        except (ArithmeticError, KeyError, TypeError, ValueError) as error:
            status, reply = 400, InvalidField(f"{type(error).__name__}: {error}").as_json()
        data = json.dumps(reply).encode()
        facts = [("Content-Type", "application/json"), ("Content-Length", str(len(data)))]
        start_response(f"{status} {'OK' if status == 200 else reply['error']}", facts)
        return [data]


def read_body(environ: dict[str, Any]) -> dict[str, Any]:
    """The JSON object of a request; an empty body is an empty object."""
    length = int(environ.get("CONTENT_LENGTH") or 0)
    if length > LARGEST_BODY:
        raise BodyTooLarge(f"a body has at most {LARGEST_BODY} bytes, not {length}")
    data = environ["wsgi.input"].read()
    try:
        body = json.loads(data) if data else {}
    except (ValueError, RecursionError) as error:
        raise MalformedJson(f"the body is not JSON: {error}") from error
    if not isinstance(body, dict):
        raise MalformedJson("the body is not a JSON object")
    return body
