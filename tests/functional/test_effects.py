"""What units do to the world through AWS, SQL and HTTP is compared, call by call.

One project with all units, in one run: each defect is a Java method of its own.
"""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.functional.conftest import ROOT, Project

DATA = Path(__file__).parent / "data" / "effects"
LOCAL = Path.home() / ".m2" / "repository"
TABLE = {"Key": {"id": {"S": "a"}}, "TableName": "stock"}

PUT = {"Bucket": "b", "Key": "notes/a", "Body": "hello", "ContentType": "text/plain"}
PUT |= {"Metadata": {"kind": "note"}, "IfNoneMatch": "*"}
GONE = {"class": "NoSuchKey", "message": "no such key", "fields": {"status": 404}}
TAKEN = {"class": "PreconditionFailed", "message": "it is there", "fields": {"status": 412}}
INSERT = "insert into orders (item, paid, note) values (?, ?, ?)"
SELECT = "select id, item, paid from orders where item = ? order by id"
MOVED = "update stock set count = count - ? where item = ?"
UPDATE = TABLE | {
    "ConditionExpression": 'count >= {"N":"2"}',
    "ReturnValues": "UPDATED_NEW",
    "UpdateExpression": 'SET count = count - {"N":"2"} ADD tags {"SS":["x","y"]}',
}


def aws(call: str, args: Any, returned: Any = None) -> dict[str, Any]:
    """A recorded operation; what raised is a dict with a class."""
    ending = {"returned": returned}
    if isinstance(returned, dict) and "class" in returned:
        ending = {"raised": returned}
    return {"port": "aws", "call": call, "args": [args], **ending}


def sql(text: str, params: list[Any], returned: Any = None) -> dict[str, Any]:
    """A recorded statement."""
    ending = {"returned": returned}
    if isinstance(returned, dict) and "class" in returned:
        ending = {"raised": returned}
    return {"port": "sql", "call": "execute", "args": [text, params], **ending}


def http(method: str, url: str, said: Any, returned: Any) -> dict[str, Any]:
    """A recorded request."""
    ending = {"raised": returned} if "class" in returned else {"returned": returned}
    return {"port": "http", "call": method, "args": [url, said], **ending}


COMMIT = {"port": "sql", "call": "commit", "args": [], "returned": None}
ROLLBACK = {"port": "sql", "call": "rollback", "args": [], "returned": None}
PAID = {"$decimal": "12.50"}
ROWS = {"columns": ["id", "item", "paid"], "rows": [[7, "lamp", 12.5], [9, "lamp", None]]}
ASKED = {"headers": {"accept": "application/json", "x-team": "storage"}}
POSTED = {"headers": {"content-type": "application/json"}, "json": {"item": "lamp", "count": 2}}
ORDER = "http://shop.test/orders"

FIXTURES: dict[str, list[tuple[list[Any], list[dict[str, Any]]]]] = {
    "keep": [
        (["b", "a", "hello"], [aws("s3.PutObject", PUT, {"ETag": '"1"'})]),
        (["b", "a", "hello"], [aws("s3.PutObject", PUT, TAKEN)]),
    ],
    "move": [
        (
            ["b", "a"],
            [
                aws("s3.GetObject", {"Bucket": "b", "Key": "a"}, {"Body": "grüße", "ETag": "x"}),
                aws("s3.PutObject", {"Bucket": "b", "Key": "old/a", "Body": "grüße"}, {}),
                aws("s3.CopyObject", {"Bucket": "b", "Key": "x/a", "CopySource": "b/a b"}, {}),
                aws("s3.DeleteObject", {"Bucket": "b", "Key": "a"}, {}),
            ],
        ),
        (["b", "a"], [aws("s3.GetObject", {"Bucket": "b", "Key": "a"}, GONE)]),
    ],
    "names": [
        (
            ["b"],
            [
                aws(
                    "s3.ListObjectsV2",
                    {"Bucket": "b", "Prefix": "p/"},
                    {
                        "Contents": [
                            {
                                "Key": "p/1",
                                "Size": 3,
                                "LastModified": {"$datetime": "2024-02-29T12:00:00Z"},
                            },
                            {"Key": "p/2", "Size": 4},
                        ],
                        "IsTruncated": True,
                        "NextContinuationToken": "t",
                    },
                ),
                aws(
                    "s3.ListObjectsV2",
                    {"Bucket": "b", "Prefix": "p/", "ContinuationToken": "t"},
                    {"Contents": [{"Key": "p/3", "Size": 5}], "IsTruncated": False},
                ),
            ],
        )
    ],
    "take": [
        (
            ["a", 2],
            [
                aws(
                    "dynamodb.UpdateItem",
                    UPDATE,
                    {"Attributes": {"count": {"N": "5"}, "tags": {"SS": ["x", "y"]}}},
                )
            ],
        ),
        (
            ["a", 2],
            [
                aws(
                    "dynamodb.UpdateItem",
                    UPDATE,
                    {"class": "ConditionalCheckFailedException", "message": "too few"},
                )
            ],
        ),
    ],
    "order": [
        (
            ["lamp", 3],
            [
                sql(MOVED, [3, "lamp"], {"count": 1}),
                sql(INSERT, ["lamp", PAID, None], {"count": 1, "id": 41}),
                COMMIT,
            ],
        ),
        (["lamp", 3], [sql(MOVED, [3, "lamp"], {"count": 0}), ROLLBACK]),
        (
            ["lamp", 3],
            [
                sql(MOVED, [3, "lamp"], {"count": 1}),
                sql(
                    INSERT,
                    ["lamp", PAID, None],
                    {"class": "IntegrityError", "message": "it is there"},
                ),
                ROLLBACK,
            ],
        ),
    ],
    "orders": [(["lamp"], [sql(SELECT, ["lamp"], ROWS)])],
    "ask": [
        (["a b", 2], [http("GET", ORDER + "?limit=2&name=a%20b", ASKED, {"json": [1, 2]})]),
        (["a b", 2], [http("GET", ORDER + "?limit=2&name=a%20b", ASKED, {"status": 404})]),
    ],
    "post": [(["lamp", 2], [http("POST", ORDER, POSTED, {"status": 201, "body": "done"})])],
}
RIGHT = (*FIXTURES, "keep_later", "ask_url")
WRONG = {
    "keep_wrong_key": "$effects[0].args[0].Key",
    "keep_twice": "$effects[1]",
    "keep_unconditional": "$effects[0].args[0].IfNoneMatch",
    "keep_other_metadata": "$effects[0].args[0].Metadata.kind",
    "move_other_order": "$effects[1]",
    "move_forgets": "$effects[3]",
    "take_unconditional": "$effects[0].args[0].ConditionExpression",
    "order_wrong_parameter": "$effects[0].args[1][0]",
    "order_wrong_type": "$effects[1].args[1][1]",
    "order_other_column": "$effects[1].args[0]",
    "order_without_commit": "$effects[2]",
    "order_each_by_itself": "$effects[3]",
    "post_other_body": "$effects[0].args[1].json.count",
    "ask_without_header": "$effects[0].args[1].headers['x-team']",
}


def sdk() -> list[Path]:
    """The jars of the AWS SDK that the sample runs with, as Maven has them."""
    pom = (ROOT / "java_lambdas" / "pom.xml").read_text("utf-8")
    version = re.findall(r"<artifactId>bom</artifactId>\s*<version>([^<]+)", pom)[0]
    folders = [LOCAL / "software" / "amazon" / "awssdk", LOCAL / "org" / "reactivestreams"]
    folders += [LOCAL / "org" / "slf4j" / "slf4j-api"]
    jars = [jar for folder in folders for jar in sorted(folder.rglob("*.jar"))]
    found = [jar for jar in jars if "awssdk" not in str(jar) or jar.parent.name == version]
    if not any(jar.name.startswith("dynamodb-") for jar in found):
        command = ["mvn", "-q", "-B", "-ntp", "-f", str(ROOT / "java_lambdas" / "workflow")]
        subprocess.run([*command, "dependency:resolve"], check=True)
        return sdk()
    return [jar for jar in found if not jar.name.startswith(("netty", "apache"))]


def unit_of(name: str) -> str:
    """The function of the Python side whose fixtures a unit has."""
    return next(one for one in sorted(FIXTURES, key=len, reverse=True) if name.startswith(one))


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The units of the report of a run over everything."""
    project = Project(tmp_path_factory.mktemp("effects"))
    jars = sdk()
    names = [*RIGHT, *WRONG]
    aliases = "".join(f"{name} = {unit_of(name)}\n" for name in names if name not in FIXTURES)
    entries = "[defaults]\ntimeout = 60\n[port.aws]\n[port.sql]\n[port.http]\n"
    files = {}
    for name in names:
        java = re.sub(r"_(\w)", lambda match: match[1].upper(), name)
        entries += f'[unit."shelf:{name}"]\njava = "shop.Shelf#{java}"\n'
        lines = [
            json.dumps({"id": f"{name}_{number}", "args": args, "world": {"ports": calls}})
            for number, (args, calls) in enumerate(FIXTURES[unit_of(name)])
        ]
        files[f"fixtures/shelf/{name}.jsonl"] = "\n".join(lines) + "\n"
    classpath = json.dumps(["classes", *map(str, jars)])
    project.write(
        {
            "parity.toml": 'sources = ["src"]\nfixtures = "fixtures"\n[java]\n'
            f"classpath = {classpath}\n",
            "parity.map.toml": entries,
            "src/shelf.py": (DATA / "shelf.py").read_text("utf-8") + aliases,
            "java/shop/Shelf.java": (DATA / "Shelf.java").read_text("utf-8"),
            **files,
        }
    )
    project.javac("-cp", ":".join(map(str, jars)))
    told = project.run("--no-cache", "--jobs", "1")
    assert told.out, told.err
    return {unit["id"].partition(":")[2]: unit for unit in told.report["units"]}


@pytest.mark.parametrize("name", RIGHT)
def test_the_same_effects_match(report: dict[str, dict[str, Any]], name: str) -> None:
    unit = report[name]
    assert unit["verdict"] == "matched", json.dumps(unit["findings"][:2], indent=1)
    assert unit["matched"] == len(FIXTURES[unit_of(name)])


@pytest.mark.parametrize("name", WRONG)
def test_another_effect_is_found_at_its_call(report: dict[str, dict[str, Any]], name: str) -> None:
    unit = report[name]
    assert unit["verdict"] == "differs", json.dumps(unit["findings"][:2], indent=1)
    found = {(one["path"], one["kind"]) for one in unit["findings"] if one["fixture"][-1] == "0"}
    assert (WRONG[name], "effect") in found, unit["findings"]
