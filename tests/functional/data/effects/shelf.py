"""Functions that do something to the world through libraries."""

import json
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from decimal import Decimal

import boto3
from botocore.exceptions import ClientError

s3 = boto3.client("s3", region_name="eu-west-1")
stock = boto3.resource("dynamodb").Table("stock")
sqlite3.register_adapter(Decimal, str)


def keep(bucket: str, name: str, text: str) -> bool:
    """Puts a note, where none is."""
    try:
        s3.put_object(
            Bucket=bucket,
            Key="notes/" + name,
            Body=text.encode("utf-8"),
            ContentType="text/plain",
            Metadata={"kind": "note"},
            IfNoneMatch="*",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        return False
    return True


def move(bucket: str, key: str) -> str:
    """Moves an object."""
    try:
        text = s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode("utf-8")
    except s3.exceptions.NoSuchKey:
        return "none"
    s3.put_object(Bucket=bucket, Key="old/" + key, Body=text)
    s3.copy_object(Bucket=bucket, Key="x/" + key, CopySource={"Bucket": bucket, "Key": key + " b"})
    s3.delete_object(Bucket=bucket, Key=key)
    return text


def names(bucket: str) -> list:
    """Names, sizes and days of objects, page by page."""
    found = []
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix="p/"):
        for one in page["Contents"]:
            when = one.get("LastModified")
            found.append([one["Key"], one["Size"], when and when.date().isoformat()])
    return found


def take(item: str, count: int) -> int:
    """Takes some of an item; -1 where there are too few."""
    try:
        answer = stock.update_item(
            Key={"id": item},
            UpdateExpression="SET #c = #c - :n ADD tags :t",
            ConditionExpression="#c >= :n",
            ExpressionAttributeNames={"#c": "count"},
            ExpressionAttributeValues={":n": count, ":t": {"y", "x"}},
            ReturnValues="UPDATED_NEW",
        )
    except stock.meta.client.exceptions.ConditionalCheckFailedException:
        return -1
    return int(answer["Attributes"]["count"])


def order(item: str, count: int) -> int:
    """Orders an item, all or nothing."""
    connection = sqlite3.connect("shop.db")
    try:
        cursor = connection.cursor()
        cursor.execute("UPDATE stock SET count = count - ? WHERE item = ?", (count, item))
        if cursor.rowcount != 1:
            connection.rollback()
            return 0
        cursor.execute(
            "INSERT INTO orders (item, paid, note)\n  VALUES (:item, :paid, :note);",
            {"item": item, "paid": Decimal("12.50"), "note": None},
        )
        connection.commit()
        return cursor.lastrowid
    except sqlite3.IntegrityError:
        connection.rollback()
        return -1
    finally:
        connection.close()


def orders(item: str) -> list:
    """What was ordered of an item."""
    connection = sqlite3.connect("shop.db")
    connection.row_factory = sqlite3.Row
    rows = connection.execute(
        "SELECT id, item, paid FROM orders WHERE item = ? ORDER BY id", (item,)
    )
    return [f"{row['id']} {row['item']} {row['paid'] or 0.0}" for row in rows]


def ask(name: str, limit: int) -> int:
    """How many orders there are."""
    query = urllib.parse.urlencode({"name": name, "limit": limit})
    request = urllib.request.Request(
        "http://shop.test/orders?" + query,
        headers={"Accept": "application/json", "X-Team": "storage"},
    )
    try:
        with urllib.request.urlopen(request) as answer:
            return len(json.load(answer))
    except urllib.error.HTTPError as error:
        return -error.code


def post(item: str, count: int) -> str:
    """Orders by request."""
    body = json.dumps({"item": item, "count": count}).encode()
    request = urllib.request.Request(
        "http://shop.test/orders", body, {"Content-Type": "application/json"}, method="POST"
    )
    with urllib.request.urlopen(request) as answer:
        return f"{answer.status} {answer.read().decode()}"
