"""The HTTP server below moto: connections are kept, whatever was in the requests on them."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

pytest.importorskip("moto.server")
from parity.aws.serving import http_server

Start = Callable[[str, list[tuple[str, str]]], Any]


def application(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    """Answers with what it was sent, in the way that the path asks for."""
    body = environ["wsgi.input"].read()
    match environ["PATH_INFO"]:
        case "/whole":
            start("200 OK", [("Content-Length", str(len(body)))])
            return [body]
        case "/parts":
            start("200 OK", [])
            return (body[at : at + 3] for at in range(0, len(body), 3))
        case "/nothing":
            start("204 No Content", [])
            return []
        case "/unread":
            start("200 OK", [("Content-Length", "2")])
            return [b"ok"]
        case _:
            raise ValueError("a defect")


@pytest.fixture
def connection() -> Iterator[http.client.HTTPConnection]:
    server = http_server(0, application)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    opened = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    yield opened
    opened.close()
    server.shutdown()
    thread.join()
    server.server_close()


def exchange(
    connection: http.client.HTTPConnection, method: str, path: str, body: Any = None
) -> tuple[int, bytes]:
    connection.request(method, path, body)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_one_connection_takes_all_kinds_of_requests(
    connection: http.client.HTTPConnection,
) -> None:
    connection.connect()
    socket = connection.sock
    for _ in range(2):
        assert exchange(connection, "POST", "/whole", b"a document") == (200, b"a document")
        assert exchange(connection, "POST", "/parts", b"1234567") == (200, b"1234567")
        assert exchange(connection, "POST", "/parts", b"") == (200, b"")
        assert exchange(connection, "POST", "/unread", b"x" * 100_000) == (200, b"ok")
        assert exchange(connection, "POST", "/whole", iter([b"in ", b"chunks"])) == (
            200,
            b"in chunks",
        )
        assert exchange(connection, "HEAD", "/whole") == (200, b"")
        assert exchange(connection, "DELETE", "/nothing") == (204, b"")
    assert connection.sock is socket  # http.client opens another one where it was closed


def test_a_defect_is_told_and_ends_the_connection(
    connection: http.client.HTTPConnection, capfd: pytest.CaptureFixture[str]
) -> None:
    assert exchange(connection, "GET", "/strange")[0] == 500
    assert connection.sock is None
    assert "ValueError: a defect" in capfd.readouterr().err
    assert exchange(connection, "POST", "/whole", b"again") == (200, b"again")


def test_a_body_that_is_waited_for_is_asked_for(connection: http.client.HTTPConnection) -> None:
    connection.putrequest("PUT", "/whole")
    connection.putheader("Expect", "100-continue")
    connection.putheader("Content-Length", "5")
    connection.endheaders()
    connection.sock.settimeout(10)
    assert connection.sock.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.send(b"later")
    answer = connection.getresponse()
    assert (answer.status, answer.read()) == (200, b"later")
