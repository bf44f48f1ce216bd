"""A stand-in of GitHub's API, as far as comments of one pull request go; on loopback only."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

REPOSITORY, NUMBER = "globex/shop", 17
TOKEN = "ghs_of_the_build_0123456789"


@dataclass
class Api:
    """The comments that there are, and what was asked."""

    url: str = ""
    login: str | None = None
    """Who the token is of; None is a build's own, which `GET /user` refuses."""
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    a_page: int = 3
    answers: list[tuple[int, dict[str, str], Any]] = field(default_factory=list)
    """What the next requests for comments are told instead."""
    before_writing: Callable[[Api], object] = lambda api: None
    elsewhere: str | None = None
    """The host that pages are said to go on at."""

    def add(self, body: str, login: str = "github-actions[bot]", kind: str = "Bot") -> int:
        """A comment; its id."""
        number = 1 + max((one["id"] for one in self.comments), default=100)
        url = f"https://github.com/{REPOSITORY}/pull/{NUMBER}#issuecomment-{number}"
        user = {"login": login, "type": kind}
        self.comments.append({"id": number, "body": body, "user": user, "html_url": url})
        return number

    def bodies(self) -> list[str]:
        """What stands in the comments."""
        return [str(one["body"]) for one in self.comments]

    @property
    def env(self) -> dict[str, str]:
        """The environment of a build that may write."""
        return {
            "GITHUB_API_URL": self.url,
            "GITHUB_REPOSITORY": REPOSITORY,
            "GITHUB_TOKEN": TOKEN,
            "GITHUB_REF": f"refs/pull/{NUMBER}/merge",
        }


@contextmanager
def github() -> Iterator[Api]:
    """The API, while it is needed."""
    api = Api()

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            pass

        def do_GET(self) -> None:
            self._take("GET")

        def do_POST(self) -> None:
            self._take("POST")

        def do_PATCH(self) -> None:
            self._take("PATCH")

        def do_DELETE(self) -> None:
            self._take("DELETE")

        def _take(self, method: str) -> None:
            path = urlsplit(self.path).path
            api.asked.append(f"{method} {path}")
            length = int(self.headers.get("Content-Length") or 0)
            given = json.loads(self.rfile.read(length)) if length else {}
            if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                return self._tell(401, {"message": "Bad credentials"})
            if path == "/user":
                if api.login is None:
                    return self._tell(403, {"message": "Resource not accessible by integration"})
                return self._tell(200, {"login": api.login, "type": "User"})
            if api.answers:
                status, headers, told = api.answers.pop(0)
                return self._tell(status, told, headers)
            issue = f"/repos/{REPOSITORY}/issues"
            if path == f"{issue}/{NUMBER}/comments":
                return self._list() if method == "GET" else self._write(given)
            found = [one for one in api.comments if path == f"{issue}/comments/{one['id']}"]
            if not found:
                return self._tell(404, {"message": "Not Found"})
            if method == "DELETE":
                api.comments.remove(found[0])
                return self._tell(204, None)
            found[0]["body"] = given["body"]
            return self._tell(200, found[0])

        def _list(self) -> None:
            asked = parse_qs(urlsplit(self.path).query)
            number = int(asked.get("page", ["1"])[0])
            size = min(api.a_page, int(asked.get("per_page", ["30"])[0]))
            shown = api.comments[(number - 1) * size : number * size]
            headers = {}
            if number * size < len(api.comments):
                begin = f"{api.elsewhere or api.url}/repos/{REPOSITORY}/issues/{NUMBER}/comments"
                link = f'<{begin}?per_page={size}&page={number + 1}>; rel="next"'
                headers["Link"] = f'{link}, <{begin}?page=9>; rel="last"'
            self._tell(200, shown, headers)

        def _write(self, given: Any) -> None:
            api.before_writing(api)
            api.add(given["body"], *((api.login, "User") if api.login else ()))
            self._tell(201, api.comments[-1])

        def _tell(self, status: int, told: Any, headers: dict[str, str] | None = None) -> None:
            data = b"" if told is None else json.dumps(told).encode()
            self.send_response(status)
            for name, value in (headers or {}).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    api.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield api
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
