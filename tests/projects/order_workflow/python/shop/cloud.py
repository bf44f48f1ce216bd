"""The world in AWS, asked about line by line; endpoint and keys are in the environment."""

from __future__ import annotations

import json
import os
import sys
from typing import Any

import boto3


def load(orders: dict[str, Any]) -> None:
    """The table holds these orders, and no others."""
    for item in tables.scan(TableName=table)["Items"]:
        tables.delete_item(TableName=table, Key={"id": item["id"]})
    for name, order in orders.items():
        item = {"id": {"S": name}, "cents": {"N": str(order["cents"])}}
        tables.put_item(TableName=table, Item=item)


def read() -> dict[str, Any]:
    """The world that the table is."""
    items = tables.scan(TableName=table, ConsistentRead=True)["Items"]
    return {"orders": {item["id"]["S"]: {"cents": int(item["cents"]["N"])} for item in items}}


tables = boto3.client("dynamodb")
table = json.loads(os.environ["PARITY_OUTPUTS"]).get("Orders", "orders")
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "load":
        load(asked["world"]["orders"])
    print(json.dumps(read()), flush=True)
