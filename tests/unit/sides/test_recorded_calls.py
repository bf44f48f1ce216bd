"""Calls that somebody wrote by hand are compared as what a side asks is."""

from __future__ import annotations

from typing import Any

from parity.sides.recorded_calls import settled


def args_of(port: str, call: str, *args: Any) -> list[Any]:
    world = {"ports": [{"port": port, "call": call, "args": list(args), "returned": None}]}
    before = repr(world)
    made = settled(world)
    assert repr(world) == before
    assert settled(made) == made  # what is in that writing stays
    return list(made["ports"][0]["args"])


def test_a_body_of_nothing_is_none() -> None:
    assert args_of("aws", "s3.PutObject", {"Key": "a", "Body": ""}) == [{"Key": "a"}]
    assert args_of("aws", "s3.PutObject", {"Key": "a", "Body": {"$bytes": ""}}) == [{"Key": "a"}]
    assert args_of("aws", "s3.PutObject", {"Body": "x"}) == [{"Body": "x"}]


def test_placeholders_stand_for_what_they_name() -> None:
    asked = {
        "ConditionExpression": "attribute_not_exists(#n) or #s = :old AND #d < :now",
        "ExpressionAttributeNames": {"#n": "name", "#s": "set", "#d": "due"},
        "ExpressionAttributeValues": {":old": {"S": "a {b} `c`"}, ":now": {"N": "1.0"}},
    }
    (made,) = args_of("aws", "dynamodb.PutItem", asked)
    wanted = 'attribute_not_exists ( name ) OR `set` = {"S":"a {b} `c`"} AND due < {"N":"1"}'
    assert made == {"ConditionExpression": wanted}


def test_a_statement_and_a_request_have_one_writing() -> None:
    asked = args_of("sql", "execute", "SELECT id FROM  Orders WHERE item = ? ;", ["Lamp"])
    assert asked == ["select id from orders where item = ?", ["Lamp"]]
    headers = {"X-Id": "7", "User-Agent": "curl"}
    url = "HTTP://Shop.example:80/a?b=2&a=1"
    made = args_of("http", "GET", url, {"headers": headers, "json": {"n": 1}})
    assert made == ["http://shop.example/a?a=1&b=2", {"headers": {"x-id": "7"}, "json": {"n": 1}}]
    assert args_of("http", "GET", "http://a/", {"headers": {"Host": "a"}}) == ["http://a/", {}]


def test_other_ports_are_left_alone() -> None:
    call = {"port": "shop.store:Store", "call": "put", "args": [{"Body": ""}], "returned": None}
    assert settled({"ports": [call], "clock": "x"}) == {"ports": [call], "clock": "x"}
    assert settled({}) == {}
