"""The switch in a legacy server: whom a call goes to, and what is served whatever comes of it."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from parity.cutover.hook import parity_switch
from parity.cutover.hook.parity_switch import Switch
from parity.cutover.switch import CallLog, SwitchFile, install

UNIT = "shop:price"
Answer = Callable[[Any], tuple[str | None, Any]]


class Lambdas:
    """Something that answers as Lambda's Invoke does."""

    def __init__(self) -> None:
        self.answer: Answer = lambda event: (None, event["count"] * 2)
        self.asked: list[str] = []
        lambdas = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                event = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                lambdas.asked.append(self.path)
                raised, told = lambdas.answer(event)
                body = json.dumps(told).encode()
                try:
                    self.send_response(200)
                    if raised:
                        self.send_header("X-Amz-Function-Error", raised)
                    self.send_header("Content-Length", str(len(body)))
                    self.end_headers()
                    self.wfile.write(body)
                except OSError:
                    pass  # whoever asked waits no longer

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True)

    def __enter__(self) -> Lambdas:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"


@pytest.fixture
def lambdas(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lambdas]:
    monkeypatch.setenv("PARITY_SWITCH_BOTO3", "no")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "y")
    monkeypatch.setattr(parity_switch, "LOOK_SECONDS", 0.0)
    with Lambdas() as running:
        monkeypatch.setenv("AWS_ENDPOINT_URL", running.endpoint)
        yield running


class Server:
    """A function behind a switch, and what there is to see of it."""

    def __init__(self, folder: Path, function: Callable[..., Any]) -> None:
        self.file = SwitchFile(folder / "switch.json")
        self.log = CallLog(folder / "log", UNIT)
        self.wish("legacy")
        self.switch = Switch(str(self.file.file))
        self.call = self.switch.around(UNIT, function)

    def wish(self, mode: str, percent: int = 100, **more: Any) -> int:
        return self.file.write(
            UNIT,
            {"mode": mode, "percent": percent, "function": "price:live", "seconds": 2.0,
             "log": str(self.log.folder), **more},
        )  # fmt: skip

    def told(self, most: int = 1) -> list[dict[str, Any]]:
        """The next lines of the log."""
        found: list[dict[str, Any]] = []
        until = time.monotonic() + 5
        while len(found) < most and time.monotonic() < until:
            found += [dict(one.facts) for one in self.log.calls()]
            time.sleep(0.005)
        return found


class NoPrice(Exception):
    """There is none."""


def price(count: int, *, gift: bool = False) -> int:
    if count == 13:
        raise NoPrice("of thirteen")
    return count * 2


@pytest.fixture
def server(lambdas: Lambdas, tmp_path: Path) -> Iterator[Server]:
    made = Server(tmp_path, price)
    yield made
    made.switch.log.close()


def test_as_long_as_it_is_legacys_no_lambda_is_asked(server: Server, lambdas: Lambdas) -> None:
    assert server.call(3) == 6
    server.wish("java", 0)
    assert server.call(3) == 6
    assert lambdas.asked == []


def test_a_share_of_the_calls_goes_to_java(server: Server, lambdas: Lambdas) -> None:
    server.wish("java", 30)
    assert [server.call(n) for n in range(14, 214)] == [n * 2 for n in range(14, 214)]
    assert 30 <= len(lambdas.asked) <= 95  # 60 of 200, give or take five deviations
    told = server.told(len(lambdas.asked))
    assert len(told) == len(lambdas.asked)
    assert all(one["same"] and one["revision"] == 2 for one in told)


def test_the_event_has_parameters_by_name_with_their_defaults(
    server: Server, lambdas: Lambdas
) -> None:
    seen: list[Any] = []
    lambdas.answer = lambda event: (seen.append(event), (None, 6))[1]  # type: ignore[func-returns-value]
    server.wish("java")
    server.call(3)
    server.wish("java", event="count")
    server.call(count=3)
    assert seen == [{"count": 3, "gift": False}, 3]
    assert lambdas.asked[0] == "/2015-03-31/functions/price/invocations?Qualifier=live"


WRONG: dict[str, tuple[Answer, str]] = {
    "another value": (lambda event: (None, event["count"] * 2 + 1), "python"),
    "another type": (lambda event: (None, float(event["count"] * 2)), "python"),
    "an error": (lambda _: ("Unhandled", {"errorType": "shop.Odd", "errorMessage": "x"}), "python"),
    "a crash": (lambda _: ("Unhandled", {"errorType": "Runtime.ExitError"}), "failed"),
    "a timeout of Lambda's": (lambda _: ("Unhandled", {"errorType": "Sandbox.Timedout"}), "failed"),
    "silence": (lambda _: (time.sleep(0.4), (None, 6))[1], "failed"),  # type: ignore[func-returns-value]
}


@pytest.mark.parametrize("mode", ["shadow", "java"])
@pytest.mark.parametrize("what", WRONG)
def test_whatever_java_does_the_caller_gets_what_the_function_makes(
    what: str, mode: str, server: Server, lambdas: Lambdas
) -> None:
    lambdas.answer, kind = WRONG[what]
    server.wish(mode, seconds=0.15 if what == "silence" else 2.0)
    assert server.call(3) == 6
    (told,) = server.told()
    assert kind in told
    assert told["event"] == {"count": 3, "gift": False}


def test_without_the_guard_java_is_served_and_legacy_where_it_fails(
    server: Server, lambdas: Lambdas
) -> None:
    lambdas.answer = lambda _: (None, 7)
    server.wish("java", guard=False)
    assert server.call(3) == 7
    for answer, _ in (WRONG["a crash"], WRONG["an error"]):
        lambdas.answer = answer
        assert server.call(3) == 6


def test_a_server_without_its_lambda_goes_on(server: Server, lambdas: Lambdas) -> None:
    lambdas.__exit__()
    lambdas.thread = threading.Thread(target=lambda: None)
    lambdas.thread.start()
    server.wish("java", guard=False, seconds=0.5)
    assert [server.call(n) for n in range(8)] == [n * 2 for n in range(8)]
    told = server.told(5)
    assert len(told) == 5  # then nobody asks for a while
    assert all(one["failed"] for one in told)
    lambdas.server.server_close()


def test_an_error_is_the_functions_own(server: Server, lambdas: Lambdas) -> None:
    error = {"errorType": "shop.NoPrice", "errorMessage": "of thirteen"}
    lambdas.answer = lambda _: ("Unhandled", error)
    server.wish("java")
    with pytest.raises(NoPrice):
        server.call(13)
    (told,) = server.told()
    assert told["python"]["raised"].endswith(":NoPrice")
    assert told["java"] == {"raised": "shop.NoPrice", "message": "of thirteen"}
    with pytest.raises(TypeError):
        server.call(3, 4)


def test_what_no_lambda_can_do_is_told(lambdas: Lambdas, tmp_path: Path) -> None:
    def pair(count: int) -> tuple[int, int]:
        return count, count

    def grows(rows: list[int]) -> list[int]:
        rows.append(1)
        return rows

    lambdas.answer = lambda event: (None, [3, 3] if "count" in event else [1])
    for function, given, made, note in (
        (pair, 3, (3, 3), "callers would get JSON's types, not tuple"),
        (grows, [], [1], "the function changes what it is given"),
        (pair, {1}, ({1}, {1}), "a set has no form in JSON"),
    ):
        server = Server(tmp_path / note[:5], function)
        server.wish("java")
        assert server.call(given) == made
        (told,) = server.told()
        assert note in told["note"]
        server.switch.log.close()


def test_threads_get_their_own_answers(server: Server, lambdas: Lambdas) -> None:
    server.wish("java", 60)
    found: dict[int, int] = {}

    def work(first: int) -> None:
        found.update({n: server.call(n) for n in range(first, first + 40)})

    threads = [threading.Thread(target=work, args=(n * 100 + 14,)) for n in range(8)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert len(found) == 320
    assert all(made == given * 2 for given, made in found.items())


def test_a_broken_file_is_legacys(server: Server, lambdas: Lambdas) -> None:
    server.wish("java")
    for text in ("", "{", "[]", '{"units": 3}'):
        server.file.file.write_text(text)
        assert server.call(3) == 6
    server.file.file.unlink()
    assert server.call(3) == 6
    assert lambdas.asked == []


def test_other_units_of_the_file_stay_as_they_are(tmp_path: Path) -> None:
    file = SwitchFile(tmp_path / "switch.json")
    assert file.entry(UNIT) is None
    file.write("a:b", {"mode": "java", "percent": 50})
    assert file.write(UNIT, {"mode": "legacy"}) == file.revision == 2
    assert file.entry("a:b") == {"mode": "java", "percent": 50}


def test_a_server_is_switched_without_a_line_of_it_being_changed(
    lambdas: Lambdas, tmp_path: Path
) -> None:
    (tmp_path / "shop.py").write_text("def price(count):\n    return count * 2\n")
    (tmp_path / "till.py").write_text(
        "from shop import price\nimport subprocess, sys\nprint(price(3))\n"
        "if len(sys.argv) < 2:\n    subprocess.run([sys.executable, 'till.py', 'child'])\n"
    )
    install(tmp_path / "hook")
    log = tmp_path / "log"
    wish = {"mode": "java", "percent": 100, "function": "price", "log": str(log), "seconds": 5.0}
    SwitchFile(tmp_path / "switch.json").write(UNIT, wish)
    env = {**os.environ, "PYTHONPATH": str(tmp_path / "hook"), "PARITY_SWITCH": "switch.json"}
    done = subprocess.run(
        [sys.executable, "till.py"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("6\n6\n", "")
    told = [dict(one.facts) for one in CallLog(log, UNIT).calls()]
    assert sum("hello" in one for one in told) == 2
    assert sum(bool(one.get("same")) for one in told) == 2
    env["PARITY_SWITCH"] = "nowhere.json"
    done = subprocess.run(
        [sys.executable, "till.py"], cwd=tmp_path, env=env, capture_output=True, text=True
    )
    assert (done.stdout, done.stderr) == ("6\n6\n", "")


def test_a_request_is_signed_as_botocore_signs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKID")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setenv("AWS_SESSION_TOKEN", "token")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    for function in ("price:live", "arn:aws:lambda:eu-west-1:123456789012:function:price:7"):
        made = parity_switch.signed(function, b"{}", datetime.datetime.now(datetime.UTC))
        theirs = AWSRequest("POST", made.full_url, data=b"{}")
        theirs.headers["X-Amz-Content-SHA256"] = made.get_header("X-amz-content-sha256")
        theirs.context["timestamp"] = made.get_header("X-amz-date")
        signer = SigV4Auth(Credentials("AKID", "secret", "token"), "lambda", "eu-west-1")
        theirs.headers["X-Amz-Security-Token"] = "token"
        theirs.headers["X-Amz-Date"] = made.get_header("X-amz-date")
        canonical = signer.canonical_request(theirs)
        text = signer.string_to_sign(theirs, canonical)
        signature = signer.signature(text, theirs)
        authorization = made.get_header("Authorization")
        assert authorization is not None
        assert authorization.endswith(f"Signature={signature}")
        assert urllib.parse.urlsplit(made.full_url).hostname == "lambda.eu-west-1.amazonaws.com"
