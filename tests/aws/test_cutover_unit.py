"""A single unit goes first: a legacy server under load, a switch, and the way there and back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from parity.aws.client import client
from parity.aws.faults import Fault
from parity.aws.local import LocalAws, Options
from parity.aws.stack import Code
from tests.aws.conftest import PROJECT, jdk, parity

UNIT = "shop.flow:price_line"
SWITCH = """
[switch."shop.flow:price_line"]
function = "FUNCTION:live"
file = "switch/switch.json"
log = "switch/log"
answer_seconds = 20
alarms = ["orders-fail"]
floor = 60
executions = 20
seconds = 90
"""
SERVER = '''
"""The legacy server: prices over HTTP. Nothing in it knows of a switch."""
import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

from shop.flow import UnknownArticle, price_line


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = dict(parse_qsl(urlsplit(self.path).query))
        try:
            told = price_line(asked["article"], int(asked["count"]), False)
            status = 200
        except UnknownArticle as error:
            told, status = {"unknown": str(error)}, 404
        body = json.dumps(told).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
print(server.server_address[1], flush=True)
server.serve_forever()
'''


@dataclass
class Load:
    """Callers of the server, all the time; each answer is held against what legacy makes."""

    port: int
    counts: list[int] = field(default_factory=lambda: [1, 9, 10, 25, 77])
    articles: list[str] = field(default_factory=lambda: ["pear", "apple", "kiwi"])
    answers: Counter[str] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)
    slowest: float = 0.0

    def __enter__(self) -> Load:
        self.threads = [threading.Thread(target=self._run, args=(n,)) for n in range(3)]
        for one in self.threads:
            one.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop.set()
        for one in self.threads:
            one.join()

    def _run(self, number: int) -> None:
        while not self.stop.wait(0.02):
            number += 1
            counts, articles = self.counts, self.articles
            self.ask(articles[number % len(articles)], counts[number % len(counts)])

    def ask(self, article: str, count: int) -> None:
        """One request."""
        each = {"pear": 45, "apple": 30}.get(article)
        wanted = None if each is None else each * count * (9 if count >= 10 else 10) // 10
        began = time.monotonic()
        try:
            url = f"http://127.0.0.1:{self.port}/?article={article}&count={count}"
            with urllib.request.urlopen(url, timeout=60) as answer:
                status, told = answer.status, json.loads(answer.read())
        except urllib.error.HTTPError as error:
            status, told = error.code, json.loads(error.read())
        except OSError:
            self.answers["failed"] += 1
            return
        right = told.get("cents") == wanted and status == (404 if wanted is None else 200)
        self.answers["right" if right else f"{status} {told}"] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)


@pytest.fixture(scope="module")
def production(proven: Path) -> Iterator[LocalAws]:
    """An account with what was proven, which errs on large orders; and an alarm."""
    with LocalAws(Options(java=jdk(), cache=proven / "cache")) as aws:
        code = Code((str(proven / "target/classes"),))
        aws.load(PROJECT / "infra/template.yaml", project_code=lambda _: code)
        watch = client("cloudwatch", aws.endpoint)
        watch.put_metric_alarm(
            AlarmName="orders-fail", MetricName="Errors", Namespace="AWS/Lambda",
            Statistic="Sum", Period=60, EvaluationPeriods=1, Threshold=1,
            ComparisonOperator="GreaterThanOrEqualToThreshold",
            AlarmActions=["arn:aws:sns:us-east-1:123456789012:people"],
        )  # fmt: skip
        watch.set_alarm_state(AlarmName="orders-fail", StateValue="OK", StateReason="a test")
        yield aws


@dataclass
class Shop:
    """The project of the operator, and the legacy server with its switch."""

    folder: Path
    port: int
    endpoint: str

    def cutover(self, *more: str) -> tuple[int, str, str]:
        """`parity cutover` of the unit."""
        return parity(self.folder, "cutover", UNIT, *more, endpoint=self.endpoint)

    def wish(self) -> tuple[str, int, bool]:
        """What the switch's file says."""
        one = json.loads((self.folder / "switch/switch.json").read_text())["units"][UNIT]
        return one["mode"], one["percent"], one["guard"]


def price_line(aws: LocalAws) -> str:
    """The name of the function in the account."""
    functions = [one for stack in aws.stacks for one in stack.functions]
    return next(one.name for one in functions if one.logical == "PriceLineFunction")


@pytest.fixture
def shop(proven: Path, production: LocalAws, tmp_path: Path) -> Iterator[Shop]:
    folder = tmp_path / "shop"
    shutil.copytree(proven, folder)
    config = folder / "parity.toml"
    config.write_text(config.read_text() + SWITCH.replace("FUNCTION", price_line(production)))
    status, out, err = parity(folder, "cutover", UNIT, "switch", str(folder / "switch"))
    assert status == 0, out + err
    (folder / "server.py").write_text(SERVER)
    env = {
        **os.environ, **production.environment,
        "PYTHONPATH": os.pathsep.join([str(folder / "switch"), str(folder / "python")]),
        "PARITY_SWITCH": str(folder / "switch/switch.json"),
    }  # fmt: skip
    server = subprocess.Popen(
        [sys.executable, "server.py"], cwd=folder, env=env, stdout=subprocess.PIPE, text=True
    )
    try:
        assert server.stdout is not None
        yield Shop(folder, int(server.stdout.readline()), production.endpoint)
        assert server.poll() is None
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


def test_a_unit_is_cut_over_under_load_and_comes_back_by_itself(
    shop: Shop, production: LocalAws
) -> None:
    status, out, err = shop.cutover("check")
    assert status == 0, out + err
    status, out, err = shop.cutover("shift", "--yes", "--dry-run")
    assert (status, shop.wish()) == (0, ("legacy", 0, True)), out + err
    with Load(shop.port) as load:
        status, out, err = shop.cutover("shadow")
        assert status == 0, out + err
        assert shop.wish() == ("legacy", 0, True)
        status, out, err = shop.cutover("shift", "--yes", "--json")
        assert status == 0, out + err
        told = json.loads(out)
        assert (told["outcome"], told["route"]["2"]) == ("done", 100)
        assert [one["weight"] for one in told["steps"] if one["what"] == "proved"] == [10, 50, 100]
        assert shop.wish() == ("java", 100, False)
        status, out, _ = parity(shop.folder, "status", "--json")
        states = {one["id"]: one["state"] for one in json.loads(out)["units"] if one["java"]}
        assert states[UNIT] == "cut-over"
        status, out, err = shop.cutover("rollback", "--yes")
        assert (status, shop.wish()) == (0, ("legacy", 0, True)), out + err
        load.counts = [1, 9, 501, 600]  # no fixture has so many
        status, out, err = shop.cutover("shift", "--yes")
        assert status == 1, out + err
        assert "rolled-back" in out
        assert "$.cents" in out, out
        assert shop.wish() == ("legacy", 0, True)
        load.counts = [1, 9]
        production.plan([Fault("killed-before", on="*PriceLine*", times=100_000)])
        status, out, err = shop.cutover("shift", "--yes")
        assert status == 1, out + err
        assert "calls had no answer" in out
        assert shop.wish() == ("legacy", 0, True)
    assert set(load.answers) == {"right"}, load.answers
    assert load.answers["right"] > 100
