"""`parity record` keeps what units ask of AWS, of databases and of servers, with the replies."""

from __future__ import annotations

import json
import sys
from typing import Any

import pytest

from tests.functional.conftest import CONFIG, Project

DEPOT = """\
import json
import sqlite3
import urllib.error
import urllib.request

import boto3

s3 = boto3.client("s3", region_name="us-east-1")


def put(key: str, text: str) -> bool:
    try:
        s3.put_object(Bucket="depot", Key=key, Body=text, IfNoneMatch="*")
        return True
    except s3.exceptions.ClientError as error:
        print(error.response["Error"]["Code"])
        return False


def get(key: str) -> str:
    try:
        return s3.get_object(Bucket="depot", Key=key)["Body"].read().decode()
    except s3.exceptions.NoSuchKey:
        return "none"


def order(database: str, item: str, count: int) -> int:
    connection = sqlite3.connect(database)
    connection.row_factory = sqlite3.Row
    try:
        with connection:
            connection.execute("INSERT INTO orders (item, count) VALUES (?, ?)", (item, count))
        rows = connection.execute("SELECT SUM(count) AS n FROM orders WHERE item = ?", (item,))
        return rows.fetchone()["n"]
    except sqlite3.IntegrityError:
        return -1
    finally:
        connection.close()


def ask(url: str) -> int:
    try:
        with urllib.request.urlopen(url) as answer:
            return sum(json.load(answer))
    except urllib.error.HTTPError as error:
        return -error.code
"""

MAIN = """\
import os
import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

from moto import mock_aws

import depot

os.chdir(os.path.dirname(__file__))


class Answers(BaseHTTPRequestHandler):
    def do_GET(self):
        found = self.path.startswith("/numbers")
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b"[1, 2, 4]" if found else b"")

    def log_message(self, *args):
        pass


with mock_aws():
    depot.s3.create_bucket(Bucket="depot")
    print(depot.put("a", "text"), depot.put("a", "other"), depot.get("a"), depot.get("b"))

with sqlite3.connect("depot.db") as connection:
    connection.execute("CREATE TABLE orders (item TEXT, count INT CHECK (count > 0))")
print(depot.order("depot.db", "lamp", 2), depot.order("depot.db", "lamp", -1))

server = HTTPServer(("127.0.0.1", 0), Answers)
threading.Thread(target=server.serve_forever, daemon=True).start()
root = "http://127.0.0.1:%d" % server.server_port
print(depot.ask(root + "/numbers?b=1&a=2"), depot.ask(root + "/none"))
server.shutdown()
"""


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> tuple[Project, dict[str, Any]]:
    """A project whose program was recorded, and what the command said of each unit."""
    project = Project(tmp_path_factory.mktemp("effects"))
    names = ("put", "get", "order", "ask")
    units = "".join(f'[unit."depot:{one}"]\njava = "shop.Depot#{one}"\n' for one in names)
    project.write(
        {
            "parity.toml": CONFIG,
            "parity.map.toml": units + "[port.aws]\n[port.sql]\n[port.http]\n",
            "src/depot.py": DEPOT,
            "src/main.py": MAIN,
        }
    )
    project.env = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    main = str(project.folder / "src" / "main.py")
    told = project.parity("record", "--json", "--unmasked", "--", sys.executable, main)
    assert told.status == 0, told.text
    lines = told.out.splitlines()
    assert lines[:-1] == ["PreconditionFailed", "True False text none", "2 -1", "7 -404"]
    units_told = json.loads(lines[-1])["units"]
    return project, {one["id"].partition(":")[2]: one for one in units_told}


def calls(project: Project, unit: str) -> list[list[dict[str, Any]]]:
    """The calls of each fixture of a unit."""
    file = project.folder / "fixtures" / "depot" / f"{unit}.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    return [line["world"]["ports"] for line in lines if "id" in line]


@pytest.mark.parametrize("unit", ["put", "get", "order", "ask"])
def test_what_is_kept_is_done_again_without_the_world(
    recorded: tuple[Project, dict[str, Any]], unit: str
) -> None:
    told = recorded[1][unit]
    assert told["lost"] == {}
    assert told["formless"] == {}
    assert told["fixtures"] == 2


def test_operations_are_kept_with_answers_and_errors(
    recorded: tuple[Project, dict[str, Any]],
) -> None:
    for one in calls(recorded[0], "put"):
        (call,) = one
        assert (call["port"], call["call"]) == ("aws", "s3.PutObject")
        assert call["args"][0]["IfNoneMatch"] == "*"
    raised = [one[0]["raised"] for one in calls(recorded[0], "put") if "raised" in one[0]]
    assert [(one["class"], one["fields"]) for one in raised] == [
        ("PreconditionFailed", {"status": 412})
    ]
    found = [one[0].get("returned", {}).get("Body") for one in calls(recorded[0], "get")]
    assert sorted(map(str, found)) == ["None", "text"]


def test_statements_are_kept_with_rows_and_commits(
    recorded: tuple[Project, dict[str, Any]],
) -> None:
    kept = sorted(calls(recorded[0], "order"), key=len)
    assert [call["call"] for call in kept[1]] == ["execute", "commit", "execute"]
    assert kept[1][2]["args"] == ["select sum (count) as n from orders where item = ?", ["lamp"]]
    assert kept[1][2]["returned"] == {"columns": ["n"], "count": 1, "rows": [[2]]}
    assert kept[0][0]["raised"]["class"] == "IntegrityError"


def test_requests_are_kept(recorded: tuple[Project, dict[str, Any]]) -> None:
    kept = {one[0]["args"][0].partition("/")[2][-15:]: one[0] for one in calls(recorded[0], "ask")}
    found = next(one for one in kept.values() if "numbers" in one["args"][0])
    assert found["args"][0].endswith("/numbers?a=2&b=1")
    assert found["returned"]["json"] == [1, 2, 4]
    assert {one["returned"]["status"] for one in kept.values()} == {200, 404}


STUBBED = """\
import os
import sys

import boto3
from botocore.stub import Stubber

sys.path.insert(0, os.path.dirname(__file__))
import depot

with Stubber(depot.s3) as stubber:
    stubber.add_response("put_object", {"ETag": "1"})
    stubber.add_client_error("get_object", "NoSuchKey", http_status_code=404)
    print(depot.put("a", "text"), depot.get("b"))
"""


def test_what_a_stubber_answers_is_kept(project: Project) -> None:
    units = "".join(f'[unit."depot:{one}"]\njava = "shop.Depot#{one}"\n' for one in ("get", "put"))
    files = {"parity.map.toml": units + "[port.aws]\n", "src/depot.py": DEPOT}
    project.write({**files, "src/main.py": STUBBED})
    project.env = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}
    main = str(project.folder / "src" / "main.py")
    told = project.parity("record", "--json", "--", sys.executable, main)
    assert told.out.splitlines()[0] == "True none", told.text
    ((put,),), ((get,),) = calls(project, "put"), calls(project, "get")
    assert (put["call"], put["returned"]) == ("s3.PutObject", {"ETag": "1"})
    assert put["args"][0] == {"Bucket": "depot", "Key": "a", "Body": "text", "IfNoneMatch": "*"}
    assert (get["call"], get["raised"]["class"]) == ("s3.GetObject", "NoSuchKey")
