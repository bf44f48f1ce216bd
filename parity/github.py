"""The one comment that a pull request at GitHub has from parity: written, then edited in place.

Only what GitHub documents of its REST API is used, so that Enterprise and whatever speaks the same
will do: https://docs.github.com/rest/issues/comments.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urljoin, urlsplit

from parity.errors import ParityError

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

TOKENS: Final = ("GH_TOKEN", "GITHUB_TOKEN")
NAMED: Final = re.compile(r"(?:([\w.-]+/[\w.-]+))?#?(\d+)")
OF_A_BUILD: Final = re.compile(r"refs/pull/(\d+)/")
BUILD: Final = "build"
"""Asks for the pull request that this build is of."""
A_PAGE: Final = 100
MOST_PAGES: Final = 500
SECONDS: Final = 30.0
TRIES: Final = 3
FOR_A_WHILE: Final = (429, 502, 503, 504)
LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class PullRequest:
    """Which one, and where its API is."""

    repository: str
    number: int
    api: str

    @property
    def name(self) -> str:
        """As people write it."""
        return f"{self.repository}#{self.number}"

    @classmethod
    def of(cls, text: str, env: Mapping[str, str]) -> PullRequest:
        """`17`, `owner/name#17`, or `build`. Raises ParityError where it is none of them."""
        number = _number_of_build(env) if text == BUILD else text
        named = NAMED.fullmatch(number)
        repository = (named[1] if named else None) or env.get("GITHUB_REPOSITORY", "")
        if named is None or "/" not in repository:
            raise ParityError(
                f"`{text}` names no pull request",
                where=None,
                why="GITHUB_REPOSITORY, which says whose it is, is not set"
                if named
                else "it is no number, and no owner/name#number",
                next_step="--comment owner/name#17; in a build of a pull request, --comment build",
            )
        api = env.get("GITHUB_API_URL") or "https://api.github.com"
        _refuse_open(api)
        return cls(repository, int(named[2]), api.rstrip("/"))


@dataclass(frozen=True, slots=True)
class Posted:
    """What became of the comment: `written`, `edited` or `unchanged`; doubles that were removed."""

    done: str
    url: str
    removed: int = 0


def token_of(env: Mapping[str, str]) -> str:
    """What says to GitHub who asks; empty where nothing does."""
    return next((env[name] for name in TOKENS if env.get(name)), "")


class Comments:
    """The comments of one pull request."""

    def __init__(self, pull: PullRequest, token: str) -> None:
        """Raises ParityError where there is no token, or nothing to ask with."""
        if not token:
            raise ParityError(
                f"nothing may be written to {pull.name}",
                where=None,
                why=f"neither {' nor '.join(TOKENS)} is set",
                next_step="env: GITHUB_TOKEN: ${{ github.token }} in a workflow that has the "
                "permission pull-requests: write; --dry-run shows what would be written",
            )
        try:
            import urllib3
        except ImportError:
            raise ParityError(
                "--comment needs a library that is not there",
                where=None,
                why="urllib3 speaks to GitHub, and it is not installed",
                next_step="pip install 'parity-ledger[github]'",
            ) from None
        # What is written anew is sent once only: whether an answer that got lost stands for a
        # comment is found out by the next build, which looks first.
        retries = urllib3.Retry(
            total=TRIES,
            backoff_factor=0.3,
            status_forcelist=FOR_A_WHILE,
            allowed_methods=("GET", "PATCH", "DELETE"),
            raise_on_status=False,
        )
        self._pool = urllib3.PoolManager(timeout=SECONDS, retries=retries)
        self._pull = pull
        self._token = token
        self._issue = f"{pull.api}/repos/{pull.repository}/issues"

    def put(self, body: str, mark: str, *, dry: bool = False) -> Posted:
        """Has the pull request show this text, in one comment that begins with the mark.

        Of builds at the same time each looks again after it has written, and the oldest comment
        stays. With `dry` nothing is written. Raises ParityError where it cannot be done.
        """
        whose = self._whose()
        mine = self._mine(mark, whose)
        done = "edited"
        if not mine:
            if dry:
                return Posted("written", "")
            written = self._ask("POST", f"{self._issue}/{self._pull.number}/comments", body)
            done = "written"
            mine = self._mine(mark, whose) or [written]
            if mine[0]["id"] == written["id"]:
                return Posted(done, str(written["html_url"]), self._remove(mine[1:]))
        first, doubles = mine[0], mine[1:]
        if _plain(first["body"]) == _plain(body):
            done = "unchanged"
        elif not dry:
            self._ask("PATCH", f"{self._issue}/comments/{first['id']}", body)
        return Posted(done, str(first["html_url"]), 0 if dry else self._remove(doubles))

    def _mine(self, mark: str, whose: str | None) -> list[dict[str, Any]]:
        """Comments that begin with the mark and were written by who asks, the oldest first."""
        found = []
        url = f"{self._issue}/{self._pull.number}/comments?per_page={A_PAGE}"
        for _ in range(MOST_PAGES):
            answer = self._answer("GET", url)
            for one in _json(answer, list, self._pull):
                by = one.get("user") or {}
                is_mine = by.get("login") == whose if whose else by.get("type") == "Bot"
                if is_mine and str(one.get("body") or "").lstrip().startswith(mark):
                    found.append(one)
            following = _following(answer.headers.get("Link", ""))
            if following is None:
                return sorted(found, key=lambda one: int(one["id"]))
            url = urljoin(url, following)
            if _origin(url) != _origin(self._pull.api):
                raise self._refused(f"its next page is elsewhere, at {urlsplit(url).netloc}")
        raise self._refused(f"it has more than {MOST_PAGES * A_PAGE:,} comments")

    def _whose(self) -> str | None:
        """The login behind the token; a build's own token is told none, and writes as a bot."""
        answer = self._answer("GET", f"{self._pull.api}/user", may_fail=(403, 404))
        if answer.status != 200:
            return None
        return str(_json(answer, dict, self._pull).get("login") or "") or None

    def _remove(self, doubles: list[dict[str, Any]]) -> int:
        for one in doubles:
            url = f"{self._issue}/comments/{one['id']}"
            self._answer("DELETE", url, may_fail=(404,))
        return len(doubles)

    def _ask(self, method: str, url: str, body: str) -> dict[str, Any]:
        answer = self._answer(method, url, json.dumps({"body": body}).encode())
        return dict(_json(answer, dict, self._pull))

    def _answer(
        self, method: str, url: str, body: bytes | None = None, may_fail: tuple[int, ...] = ()
    ) -> BaseHTTPResponse:
        from urllib3.exceptions import HTTPError

        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {self._token}",
            "User-Agent": "parity",
            "X-GitHub-Api-Version": "2022-11-28",
        }
        if body is not None:
            headers["Content-Type"] = "application/json"
        try:
            answer = self._pool.request(method, url, body=body, headers=headers)
        except HTTPError as error:
            reason = getattr(error, "reason", None) or error
            raise self._refused(f"{_origin(url)[1]} cannot be reached: {reason}") from None
        if 200 <= answer.status < 300 or answer.status in may_fail:
            return answer
        raise self._refused(_told(answer), CURES.get(_case(answer), CURES[0]))

    def _refused(self, why: str, cure: str = "") -> ParityError:
        return ParityError(
            f"the comment of {self._pull.name} cannot be written",
            where=self._pull.api,
            why=why.replace(self._token, "…"),
            next_step=cure or CURES[0],
        )


CURES: Final[Mapping[int, str]] = {
    0: "ask again; --md FILE writes the same text into a file",
    401: f"the token in {' or '.join(TOKENS)} is not accepted: it may have expired",
    403: "the token has to have the permission pull-requests: write; that of a pull request from a "
    "fork never has it, so comment from a workflow_run there",
    404: "look at owner, name and number; a token that may not read it is told the same",
    422: "the text was refused; --md FILE shows it",
    429: "GitHub asks for patience: run it again later",
}


def _case(answer: BaseHTTPResponse) -> int:
    spent = answer.headers.get("X-RateLimit-Remaining") == "0"
    return 429 if spent and answer.status == 403 else answer.status


def _told(answer: BaseHTTPResponse) -> str:
    try:
        message = str(answer.json().get("message") or "")
    except (ValueError, AttributeError):
        message = ""
    return f"the answer was {answer.status}{': ' if message else ''}{message}"


def _json(answer: BaseHTTPResponse, kind: type, pull: PullRequest) -> Any:
    try:
        found = answer.json()
    except ValueError:
        found = None
    if not isinstance(found, kind):
        raise ParityError(
            f"{pull.api} does not answer as GitHub's API does",
            where=answer.url,
            why="the answer is no JSON, or of another form",
            next_step="GITHUB_API_URL has to be an API: https://HOST/api/v3 of an Enterprise",
        )
    return found


def _following(link: str) -> str | None:
    """The address of the next page, where a `Link` header names one."""
    for one in link.split(","):
        address, _, about = one.partition(";")
        if 'rel="next"' in about.replace(" ", ""):
            return address.strip().strip("<>")
    return None


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc


def _refuse_open(api: str) -> None:
    """A token is not sent where anybody could read it."""
    parts = urlsplit(api)
    if parts.scheme == "https" and parts.hostname:
        return
    if parts.scheme != "http" or parts.hostname not in LOOPBACK:
        raise ParityError(
            f"`{api}` is no address to send a token to",
            where="GITHUB_API_URL",
            why="it is not https",
            next_step="https://api.github.com, or https://HOST/api/v3 of an Enterprise",
        )


def _number_of_build(env: Mapping[str, str]) -> str:
    """The number of the pull request that a build of GitHub Actions is of."""
    try:
        event = json.loads(Path(env["GITHUB_EVENT_PATH"]).read_text("utf-8"))
        number = event.get("pull_request", event.get("issue", {})).get("number")
    except (OSError, LookupError, ValueError, AttributeError):
        number = None
    named = OF_A_BUILD.match(env.get("GITHUB_REF", ""))
    if number is None and named is None:
        raise ParityError(
            "this build is of no pull request",
            where=None,
            why="neither GITHUB_EVENT_PATH nor GITHUB_REF names one",
            next_step="if: github.event_name == 'pull_request'; or --comment owner/name#17",
        )
    return str(number) if number is not None else str(named and named[1])


def _plain(text: Any) -> str:
    return "\n".join(str(text or "").split("\r\n")).strip()
