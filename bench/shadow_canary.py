"""Whether a shadow touches production: a canary bucket, table and storage host, before and after.

`python bench/shadow_canary.py [--executions 200]`. Production is a local AWS with the tables and
buckets of a foreign workflow (`tests/projects/order_workflow`), a further bucket, and a storage
host of the sample with records on disk. `parity cutover Order shadow` runs with the credentials,
the endpoint and the host's address in its environment, as on an operator's machine. The legacy
server of that copy writes to all three with each order, as far as it can reach them; the state
machine writes to a table of the same name as production's.

First the canary has to sing: one order outside of a shadow changes all three. Then they are
looked at byte by byte, the shadow runs, and they are looked at again. Exits with 1 where one byte
differs, or where the executions do not match.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from rich.console import Console

from bench.project import ROOT
from parity.aws.local import LocalAws
from parity.config import find_config
from parity.pipeline.local import Local, local_aws
from parity.pipeline.progress import UNWATCHED

PROJECT = ROOT / "tests/projects/order_workflow"
TABLE, CANARY = "orders", "canary-receipts"
HABITS = '''
import os
import urllib.request


def _also(do):
    try:
        do()
    except Exception:
        pass  # it may not be reached


def habits(order):
    """What this server does with each order beside working it through."""
    import boto3
    from botocore.config import Config

    soon = Config(connect_timeout=2, read_timeout=10, retries={"max_attempts": 0})
    item = {"id": {"S": order["id"]}, "cents": {"N": "1"}}
    _also(lambda: boto3.client("dynamodb", config=soon).put_item(TableName="orders", Item=item))
    receipt = {"Bucket": "canary-receipts", "Key": order["id"], "Body": b"1"}
    _also(lambda: boto3.client("s3", config=soon).put_object(**receipt))
    body = {"endpoint": "orders-000", "key": order["id"], "value": "1", "write_id": order["id"]}
    data = json.dumps(body).encode()
    host = os.environ.get("STORAGE_HOST", "127.0.0.1:1")
    _also(lambda: urllib.request.urlopen(f"http://{host}/v1/write", data, timeout=10).read())

'''
KEYS = ("AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_DEFAULT_REGION")


def main() -> int:
    """Runs all of it and prints what was seen."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--executions", type=int, default=200)
    told = parser.parse_args()
    console = Console(width=120, highlight=False, markup=False)
    sys.path.insert(0, str(ROOT / "legacy_py"))
    os.environ["PYTHONPATH"] = os.pathsep.join([str(ROOT), str(ROOT / "legacy_py")])
    from sable_trial.fleets import Watched

    with TemporaryDirectory(prefix="canary-") as name:
        folder = Path(name)
        shop = prepare(folder / "shop", told.executions)
        fleet = Watched.make(folder / "hosts", management=0, sources=1, targets=0)
        fleet.start()
        try:
            with local_aws(find_config(shop), Local(), UNWATCHED) as aws:
                return judge(
                    console, shop, Production(aws, fleet, folder / "hosts"), told.executions
                )
        finally:
            fleet.stop()


def prepare(shop: Path, executions: int) -> Path:
    """A copy of the workflow whose legacy server has habits, and inputs of production."""
    shutil.copytree(PROJECT, shop, ignore=shutil.ignore_patterns("target", ".parity"))
    once = shop / "python/shop/once.py"
    text = once.read_text("utf-8")
    work = '        told["returned"] = work_through('
    assert work in text
    text = text.replace("def main() ->", HABITS.lstrip() + "\ndef main() ->", 1)
    text = text.replace(work, '        habits(asked["request"])\n' + work, 1)
    once.write_text(text, "utf-8")
    lines = []
    for number in range(executions):
        order = {"article": ("pear", "apple")[number % 2], "count": 1 + number % 25, "gift": False}
        given = {"id": f"order-{number:04d}", "lines": [order]}
        lines.append(json.dumps({"id": given["id"], "input": given, "world": {"orders": {}}}))
    (shop / "live.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return shop


class Production:
    """What a shadow must not touch."""

    def __init__(self, aws: LocalAws, fleet: Any, hosts: Path) -> None:
        self.aws, self.fleet, self.hosts = aws, fleet, hosts
        self.tables, self.objects = aws.client("dynamodb"), aws.client("s3")
        key = {"AttributeName": "id", "KeyType": "HASH"}
        self.tables.create_table(
            TableName=TABLE,
            KeySchema=[key],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )
        self.objects.create_bucket(Bucket=CANARY)
        for number in range(50):
            item = {"id": {"S": f"kept-{number}"}, "cents": {"N": str(number)}}
            self.tables.put_item(TableName=TABLE, Item=item)
            self.objects.put_object(Bucket=CANARY, Key=f"kept-{number}", Body=os.urandom(2000))
        rows = [[f"key-{number:06d}", f"value {number}"] for number in range(2000)]
        fleet.ask("source-1", "/v1/load", {"endpoint": "orders-000", "rows": rows})

    @property
    def environment(self) -> Mapping[str, str]:
        """What is on the machine of whoever operates it."""
        keys = {name: value for name, value in self.aws.environment.items() if name in KEYS}
        host = self.fleet.address("source-1")
        return {**os.environ, **keys, "STORAGE_HOST": host, "TABLE_ORDERS": TABLE}

    def digests(self) -> dict[str, str]:
        """A digest of each, of all that is in it."""
        items = self.tables.scan(TableName=TABLE, ConsistentRead=True)["Items"]
        listed = self.objects.list_objects_v2(Bucket=CANARY).get("Contents", [])
        bodies = [
            (one["Key"], one["LastModified"].isoformat(),
             self.objects.get_object(Bucket=CANARY, Key=one["Key"])["Body"].read().hex())
            for one in listed
        ]  # fmt: skip
        told = {
            "table": sorted(items, key=lambda item: str(item["id"])),
            "bucket": bodies,
            "what the account has": self._names(),
            "storage host": self._host(),
        }
        return {
            name: hashlib.sha256(json.dumps(one, sort_keys=True).encode()).hexdigest()
            for name, one in told.items()
        }

    def _names(self) -> Any:
        lambdas, states = self.aws.client("lambda"), self.aws.client("stepfunctions")
        return [
            self.tables.list_tables()["TableNames"],
            [one["Name"] for one in self.objects.list_buckets()["Buckets"]],
            [one["FunctionName"] for one in lambdas.list_functions()["Functions"]],
            [one["name"] for one in states.list_state_machines()["stateMachines"]],
        ]

    def _host(self) -> Any:
        """What the host says that it holds, the commands it was sent, and its files."""
        every = {"endpoint": "orders-000", "rows": 1 << 40}
        files = {
            one.relative_to(self.hosts).as_posix(): hashlib.sha256(one.read_bytes()).hexdigest()
            for one in sorted(self.hosts.rglob("*"))
            if one.is_file() and one.suffix in (".db", ".sqlite", ".jsonl", ".log", "")
        }
        return [
            self.fleet.ask("source-1", "/v1/inventory", None),
            self.fleet.ask("source-1", "/v1/chunk", every),
            self.fleet.ask("source-1", "/v1/calls", None),
            files,
        ]


def judge(console: Console, shop: Path, production: Production, executions: int) -> int:
    """Whether the canary sings where it should, and is silent where it should be."""
    quiet = production.digests()
    given = {"request": {"id": "real-1", "lines": []}, "world": {"orders": {}}}
    env = {**production.environment, "PYTHONPATH": str(shop / "python")}
    subprocess.run(
        [sys.executable, "-m", "shop.once"], input=json.dumps(given), text=True, env=env,
        check=True, capture_output=True,
    )  # fmt: skip
    before = production.digests()
    sung = [name for name in ("table", "bucket", "storage host") if quiet[name] != before[name]]
    console.print(f"an order outside of a shadow changes: {', '.join(sung) or 'nothing'}")
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-P", "-m", "parity", "-C", str(shop), "cutover", "Order", "shadow",
         "--inputs", str(shop / "live.jsonl"), "--json"],
        env=dict(production.environment), text=True, capture_output=True, check=False,
    )  # fmt: skip
    taken = time.monotonic() - began
    after = production.digests()
    try:
        report = json.loads(done.stdout)
        matched = sum(one["verdict"] == "matched" for one in report["requests"])
    except (ValueError, LookupError):
        console.print(done.stdout[-2000:] + done.stderr[-2000:])
        matched = 0
    console.print(f"shadowed: {matched} of {executions} executions matched, {taken:.0f} s")
    for name, digest in before.items():
        same = "byte-equal" if after[name] == digest else "DIFFERS"
        console.print(f"{name:<22}{digest[:16]}  {after[name][:16]}  {same}")
    good = len(sung) == 3 and matched == executions and before == after
    console.print("nothing of production was touched" if good else "NOT SHOWN")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
