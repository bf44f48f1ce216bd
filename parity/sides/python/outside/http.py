"""HTTP requests through `http.client`, which urllib, requests and urllib3 go through, and httpx."""

import io
import json
import re
import socket
from typing import Any, Callable, Dict, List, Optional, Tuple
from urllib.parse import quote, unquote, urlsplit

NOISE = {
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "http2-settings",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
    "user-agent",
}
"""Headers that clients set by themselves."""
ANY = re.compile(r"(^|[ ,])\*/\*")
FORM = "application/x-www-form-urlencoded"
JSON = re.compile(r"^application/([\w.-]+\+)?json\b")
PORTS = {"http": 80, "https": 443}
UNRESERVED = "-._~"
PLAIN = UNRESERVED + "!$&'()*+,;=:@/"
SEAM = "parity_stood_for"


class HttpError(Exception):
    """What keeps an answer away: `timeout`, `refused`, `unknown host` or something else."""

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


# ---------------------------------------------------------------- what is asked


def asked(url: str, headers: List[Tuple[str, str]], body: bytes) -> List[Any]:
    """The arguments of the call that a request is, less what clients add to it."""
    made: Dict[str, Any] = {}
    kept: Dict[str, str] = {}
    for name, value in headers:
        low = name.lower()
        if low not in NOISE:
            kept[low] = kept[low] + ", " + value.strip() if low in kept else value.strip()
    if ANY.search(kept.get("accept", "")):
        del kept["accept"]
    kind = kept.get("content-type", "")
    if kind.partition(";")[0].strip().lower() == FORM:
        del kept["content-type"]
    if kept:
        made["headers"] = {name: kept[name] for name in sorted(kept)}
    if body:
        made.update(content(body, kind))
    return [address(url), made]


def content(body: bytes, kind: str) -> Dict[str, Any]:
    """A body: as JSON where it says that it is, else as text, else as bytes."""
    try:
        text = body.decode("utf-8")
        if JSON.match(kind.strip().lower()):
            return {"json": json.loads(text)}
        return {"body": text}
    except ValueError:
        return {"body": body}


def address(url: str) -> str:
    """A URL in one writing; the parameters of its query by their names."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = (parts.hostname or "").lower()
    if ":" in host:
        host = "[%s]" % host
    if parts.port is not None and parts.port != PORTS.get(scheme):
        host = "%s:%d" % (host, parts.port)
    made = "%s://%s%s" % (scheme, host, escaped(parts.path or "/"))
    if parts.query:
        pairs = [one.partition("=") for one in parts.query.split("&") if one]
        named = [
            tuple(escaped(part.replace("+", " "), UNRESERVED) for part in one) for one in pairs
        ]
        named = [
            (name, "=" if sign else "", value)
            for (name, _, value), (_, sign, _) in zip(named, pairs)
        ]
        made += "?" + "&".join("".join(one) for one in sorted(named, key=lambda one: one[0]))
    return made


def escaped(text: str, safe: str = PLAIN) -> str:
    """A part of a URL, with nothing escaped that need not be."""
    if safe == PLAIN:
        return "/".join(quote(unquote(one), safe=PLAIN.replace("/", "")) for one in text.split("/"))
    return quote(unquote(text), safe=safe)


# ---------------------------------------------------------------- what is answered


def answer_of(answer: Optional[Dict[str, Any]]) -> Tuple[int, List[Tuple[str, str]], bytes]:
    """Status, headers and body of a recorded answer."""
    told = answer or {}
    headers = {str(name).lower(): str(one) for name, one in (told.get("headers") or {}).items()}
    body = told.get("body", b"")
    if "json" in told:
        body = json.dumps(told["json"], separators=(",", ":"), ensure_ascii=False)
        headers.setdefault("content-type", "application/json")
    data = body.encode("utf-8") if isinstance(body, str) else bytes(body or b"")
    for name in ("transfer-encoding", "content-encoding", "connection"):
        headers.pop(name, None)
    headers["content-length"] = str(len(data))
    return int(told.get("status", 200)), list(headers.items()), data


def told(status: int, headers: List[Tuple[str, str]], body: bytes) -> Dict[str, Any]:
    """An answer as fixtures hold it."""
    kind = next((value for name, value in headers if name.lower() == "content-type"), "")
    made: Dict[str, Any] = {"status": status}
    if headers:
        made["headers"] = {name.lower(): value for name, value in headers}
    if body:
        made.update(content(body, kind))
    return made


def failure(error: HttpError) -> OSError:
    """What keeps an answer away, as sockets say it."""
    if error.why == "timeout":
        return socket.timeout(str(error) or "timed out")
    if error.why == "refused":
        return ConnectionRefusedError(111, str(error) or "Connection refused")
    if error.why == "unknown host":
        return socket.gaierror(-2, str(error) or "Name or service not known")
    return ConnectionResetError(104, str(error) or "Connection reset by peer")


def reason(error: OSError) -> str:
    """What keeps an answer away, of an error that a socket has raised."""
    if isinstance(error, socket.timeout):
        return "timeout"
    if isinstance(error, ConnectionRefusedError):
        return "refused"
    return "unknown host" if isinstance(error, socket.gaierror) else "reset"


# ---------------------------------------------------------------- http.client


class Wire:
    """Stands for the socket of a connection: what is sent is a request, what is read its answer."""

    def __init__(self, crossings: Any, scheme: str, host: str, port: int) -> None:
        self.crossings = crossings
        self.root = root_of(scheme, host, port)
        self.sent = b""

    def sendall(self, data: Any, *flags: Any) -> None:
        """Takes a part of the request."""
        self.sent += bytes(data)

    def send(self, data: Any, *flags: Any) -> int:
        """Takes a part of the request."""
        self.sendall(data)
        return len(data)

    def makefile(self, *args: Any, **kwargs: Any) -> Any:
        """The answer to what was sent."""
        sent, self.sent = self.sent, b""
        return io.BytesIO(self.answered(sent))

    def answered(self, sent: bytes) -> bytes:
        """The bytes of the answer to a request."""
        method, url, headers, body = request_in(sent, self.root)
        crossing = self.crossings.ask("http")
        if crossing is None:
            raise ConnectionResetError(104, "the connection is of a call that is over")
        try:
            answer = crossing("http", method, asked(url, headers, body), None)
        except HttpError as error:
            raise failure(error) from None
        status, given, data = answer_of(answer)
        head_lines = ["HTTP/1.1 %d %s" % (status, REASONS.get(status, "Status"))]
        head_lines += ["%s: %s" % one for one in given] + ["connection: close", "", ""]
        return "\r\n".join(head_lines).encode("latin-1") + (b"" if method == "HEAD" else data)

    def fileno(self) -> int:
        """None that could be waited for."""
        return -1

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return lambda *args, **kwargs: None  # timeouts, options, certificates: nothing is there


REASONS = {200: "OK", 201: "Created", 204: "No Content", 404: "Not Found"}


def root_of(scheme: str, host: str, port: int) -> str:
    """The part of a URL before its path."""
    return "%s://%s:%d" % (scheme, "[%s]" % host if ":" in host else host, port)


def request_in(sent: bytes, root: str) -> Tuple[str, str, List[Tuple[str, str]], bytes]:
    """Method, URL, headers and body of a request as it was sent."""
    head, _, body = sent.partition(b"\r\n\r\n")
    lines = head.decode("latin-1").split("\r\n")
    method, target, _ = lines[0].split(" ", 2)
    headers = []
    for line in lines[1:]:
        name, _, value = line.partition(":")
        headers.append((name, value))
    if any(n.lower() == "transfer-encoding" and "chunked" in v.lower() for n, v in headers):
        body = unchunked(body)
    return method, target if "://" in target else root + target, headers, body


def unchunked(body: bytes) -> bytes:
    """What was sent in chunks."""
    made = b""
    while body:
        size, _, body = body.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        if not length:
            break
        made, body = made + body[:length], body[length + 2 :]
    return made


def stand_in(module: Any, crossings: Any) -> None:
    """Stands in for `connect` of the connections of `http.client` and of urllib3."""
    if crossings.does_real:
        if module.__name__ == "http.client":
            note(module, crossings)
        return
    for name, scheme in (("HTTPConnection", "http"), ("HTTPSConnection", "https")):
        kind = getattr(module, name, None)
        if (
            isinstance(kind, type)
            and "connect" in vars(kind)
            and not hasattr(vars(kind)["connect"], SEAM)
        ):
            kind.connect = connecting(kind.connect, scheme, crossings)  # type: ignore[attr-defined]


def connecting(real: Any, scheme: str, crossings: Any) -> Any:
    """A `connect` that connects to nothing while requests are answered."""

    def connect(self: Any) -> None:
        if crossings.ask("http") is None:
            real(self)
            return
        host = getattr(self, "_tunnel_host", None) or self.host
        port = getattr(self, "_tunnel_port", None) if host != self.host else self.port
        self.sock = Wire(crossings, scheme, host.strip("[]"), port or PORTS[scheme])
        self.is_verified = True  # urllib3 asks: nothing is there that could be someone else

    setattr(connect, SEAM, True)
    return connect


def note(module: Any, crossings: Any) -> None:
    """Notes what goes through `http.client`, and what comes back, which is read whole."""
    connection = module.HTTPConnection
    send, getresponse = connection.send, connection.getresponse
    sent = "_parity_sent"

    def noting_send(self: Any, data: Any) -> Any:
        if isinstance(data, (bytes, bytearray)):
            self.__dict__[sent] = self.__dict__.get(sent, b"") + bytes(data)
        else:
            self.__dict__[sent] = None  # a file or a generator: it is not read twice
        return send(self, data)

    def noting_getresponse(self: Any) -> Any:
        data, crossing = self.__dict__.pop(sent, None), crossings.ask("http")
        if data is None or crossing is None:
            return getresponse(self)
        scheme = "https" if self.default_port == PORTS["https"] else "http"
        method, url, headers, body = request_in(data, root_of(scheme, self.host, self.port))
        kept: List[Any] = []

        def real() -> Any:
            kept.append(getresponse(self))
            response = kept[0]
            content = response.read()
            response.fp, response.length, response.chunked = (
                io.BytesIO(content),
                len(content),
                False,
            )
            return told(response.status, response.getheaders(), content)

        crossing("http", method, asked(url, headers, body), real)
        return kept[0]

    connection.send, connection.getresponse = noting_send, noting_getresponse


# ---------------------------------------------------------------- httpx


def stand_in_httpx(module: Any, crossings: Any) -> None:
    """Stands in for the transports of httpx."""
    if crossings.does_real:
        return  # not noted yet
    real, later = (
        module.HTTPTransport.handle_request,
        module.AsyncHTTPTransport.handle_async_request,
    )

    def handle_request(self: Any, request: Any) -> Any:
        if crossings.ask("http") is None:
            return real(self, request)
        return of_httpx(module, crossings, request, request.read())

    async def handle_async_request(self: Any, request: Any) -> Any:
        if crossings.ask("http") is None:
            return await later(self, request)
        return of_httpx(module, crossings, request, await request.aread())

    module.HTTPTransport.handle_request = handle_request
    module.AsyncHTTPTransport.handle_async_request = handle_async_request


def of_httpx(module: Any, crossings: Any, request: Any, body: bytes) -> Any:
    """The answer to a request of httpx."""
    headers = list(request.headers.items())
    args = asked(str(request.url), headers, body)
    try:
        answer = crossings.ask("http")("http", request.method, args, None)
    except HttpError as error:
        name = "ReadTimeout" if error.why == "timeout" else "ConnectError"
        raise getattr(module, name)(str(failure(error)), request=request) from None
    status, given, data = answer_of(answer)
    return module.Response(status, headers=given, content=data, request=request)


SEAMS: Dict[str, Callable[[Any, Any], None]] = {
    "http.client": stand_in,
    "urllib3.connection": stand_in,
    "httpx": stand_in_httpx,
}
