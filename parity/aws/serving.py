"""An HTTP server for moto: connections are kept, and each answer is one write.

Werkzeug's own ends each connection, after a look of 10 ms for more of it; every call of an SDK
then costs both sides a connection, and this one a thread.
"""

from __future__ import annotations

import io
import sys
import traceback
from collections.abc import Callable, Iterable
from http.client import responses
from typing import Any, Final

from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.exceptions import InternalServerError
from werkzeug.serving import BaseWSGIServer, make_server

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]

WITHOUT_BODY: Final = {204, 304}


def http_server(port: int, application: Application) -> BaseWSGIServer:
    """A server on loopback with a thread for each connection; not yet serving."""
    return make_server("127.0.0.1", port, application, True, request_handler=_Handler)


class _Handler(MotoRequestHandler):  # type: ignore[misc] # moto has no types
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Reads a request to its end, answers it, and is ready for the next one."""
        environ = self.environ = self.make_environ()
        environ["wsgi.input"] = io.BytesIO(self._body(environ))
        answer = _Answer(self)
        try:
            self._answer(answer, self.server.app, environ)
        except ConnectionError:
            raise
        except Exception:
            traceback.print_exc(file=sys.stderr)
            self.close_connection = True
            if not answer.begun:
                self._answer(answer, InternalServerError(), environ)

    def _answer(self, answer: _Answer, application: Any, environ: dict[str, Any]) -> None:
        parts = application(environ, answer.start)
        try:
            for part in parts:
                answer.write(part)
            answer.end()
        finally:
            if hasattr(parts, "close"):
                parts.close()

    def _body(self, environ: dict[str, Any]) -> bytes:
        """All of the body: what is left of it would be taken for the next request."""
        if environ.get("wsgi.input_terminated"):
            return bytes(environ["wsgi.input"].read())
        return bytes(self.rfile.read(int(environ.get("CONTENT_LENGTH") or 0)))

    def log(self, *_: Any) -> None:
        """Says nothing."""


class _Answer:
    """The answer to one request: the head goes out with the first part of the body."""

    def __init__(self, handler: _Handler) -> None:
        self.begun = False
        self._handler = handler
        self._status = 0
        self._headers: list[tuple[str, str]] = []
        self._chunked = False

    def start(
        self, status: str, headers: list[tuple[str, str]], _: Any = None
    ) -> Callable[[bytes], None]:
        self._status = int(status.split(None, 1)[0])
        self._headers = headers
        return self.write

    def write(self, part: bytes) -> None:
        if part or not self.begun:
            self._handler.wfile.write(self._head() + self._framed(part))

    def end(self) -> None:
        """Writes what is left: the head where there was no body, the end of a body in chunks."""
        if not self.begun:
            self._handler.wfile.write(self._head(is_whole=True))
        elif self._chunked:
            self._handler.wfile.write(b"0\r\n\r\n")

    def _framed(self, part: bytes) -> bytes:
        if not part or not self._chunked:
            return part
        return b"%x\r\n%b\r\n" % (len(part), part)

    def _head(self, *, is_whole: bool = False) -> bytes:
        """Status and headers, once."""
        if self.begun:
            return b""
        self.begun = True
        handler = self._handler
        has = {name.lower() for name, _ in self._headers}
        lines = [f"HTTP/1.1 {self._status} {responses.get(self._status, '')}"]
        lines += [f"{name}: {value}" for name, value in self._headers]
        if "date" not in has:
            lines.append(f"Date: {handler.date_time_string()}")
        if handler.close_connection:
            lines.append("Connection: close")
        if "content-length" not in has and not self._is_empty():
            self._chunked = not is_whole
            lines.append("Content-Length: 0" if is_whole else "Transfer-Encoding: chunked")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")

    def _is_empty(self) -> bool:
        """Whether an answer of that kind has no body, whatever its headers say."""
        return self._handler.command == "HEAD" or self._status in WITHOUT_BODY
