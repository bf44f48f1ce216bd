"""`parity cutover WORKFLOW check`: what opens the gate, and each reason for a shut one."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws
from moto.awslambda.models import lambda_backends

from parity.aws.client import client
from parity.aws.deployed import PERMISSIONS, Account
from parity.aws.design import design_of
from parity.config import find_config
from parity.gate import REASONS, Gate
from parity.pipeline.cutover import check
from parity.pipeline.unit_door import UnitDoor

# ---------------------------------------------------------------- the gate


@dataclass
class Shop:
    """A copy of the project, and the account that it is deployed to."""

    folder: Path

    def edit(self, name: str, old: str, new: str) -> None:
        """Replaces one text of one file."""
        file = self.folder / name
        text = file.read_text()
        assert text.count(old) >= 1, (name, old)
        file.write_text(text.replace(old, new))

    def rewrite(self, name: str, **fields: Any) -> None:
        """Changes fields of a file of evidence."""
        file = self.folder / "tests/evidence" / name
        file.write_text(json.dumps(json.loads(file.read_text()) | fields))

    def gate(self, account: Account | None = None) -> Gate:
        """The gate, in this process."""
        return check(find_config(self.folder), "Order", account or Account())

    def kinds(self) -> set[str]:
        """The kinds of all reasons."""
        return {one.kind for one in self.gate().reasons}


@pytest.fixture
def shop(proven: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Shop]:
    """All of it proven and deployed as it should be, under other names than the template's."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    monkeypatch.setattr(Account, "_fetched", fetched)
    folder = tmp_path / "shop"
    shutil.copytree(proven, folder)
    with mock_aws():
        deploy(folder)
        yield Shop(folder)


def fetched(_: Account, location: str) -> bytes | None:
    """The package behind a location: moto has none there."""
    functions = lambda_backends["123456789012"]["us-east-1"].list_functions()
    return next(one.code_bytes for one in functions if f"/{one.function_name}-" in location)


def deploy(folder: Path, change: Callable[[str], str] = lambda text: text) -> None:
    """Functions, versions, alias and alarm of the shop in the account of boto3."""
    role = boto3.client("iam").create_role(
        RoleName="all", Path="/", AssumeRolePolicyDocument=json.dumps({"Version": "2012-10-17"})
    )["Role"]["Arn"]
    design = design_of(folder / "infra/template.yaml", "OrderMachine", {})
    text = json.dumps(design.definition)
    for state, target in design.functions.items():
        handled = design.handled[state]
        made = boto3.client("lambda").create_function(
            FunctionName=f"prod-{state}",
            Runtime=handled.runtime,
            Handler=handled.handler,
            Role=role,
            Code={"ZipFile": archive(folder / "target/classes")},
            Publish=True,
        )
        arn = made["FunctionArn"].removesuffix(":1")
        if target.endswith(":live"):
            boto3.client("lambda").create_alias(
                FunctionName=f"prod-{state}", Name="live", FunctionVersion="1"
            )
            arn = f"{arn}:live"
        text = text.replace(json.dumps(target), json.dumps(arn))
    states = boto3.client("stepfunctions")
    legacy = {"StartAt": "Legacy", "States": {"Legacy": {"Type": "Pass", "End": True}}}
    machine = states.create_state_machine(
        name="orders", definition=json.dumps(legacy), roleArn=role, publish=True
    )["stateMachineArn"]
    states.update_state_machine(stateMachineArn=machine, definition=change(text), publish=True)
    states.create_state_machine_alias(
        name="live",
        routingConfiguration=[{"stateMachineVersionArn": f"{machine}:1", "weight": 100}],
    )
    alarm()


def alarm(state: str = "OK", **more: Any) -> None:
    """The alarm of the shop."""
    given: dict[str, Any] = {
        "AlarmName": "orders-fail",
        "MetricName": "ExecutionsFailed",
        "Namespace": "AWS/States",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
        "AlarmActions": ["arn:aws:sns:us-east-1:123456789012:people"],
    }
    watch = boto3.client("cloudwatch")
    watch.put_metric_alarm(**given | more)
    watch.set_alarm_state(AlarmName="orders-fail", StateValue=state, StateReason="a test")


def archive(classes: Path, *without: str) -> bytes:
    """A package with the classes of the shop in a jar, as a build makes it."""
    data, jar = io.BytesIO(), io.BytesIO()
    with zipfile.ZipFile(jar, "w") as file:
        for one in sorted(classes.rglob("*.class")):
            if one.stem not in without:
                file.write(one, one.relative_to(classes).as_posix())
    with zipfile.ZipFile(data, "w") as file:
        file.writestr("lib/shop.jar", jar.getvalue())
    return data.getvalue()


def route(weights: dict[int, int]) -> None:
    """Has the alias lead elsewhere."""
    states = boto3.client("stepfunctions")
    machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    states.update_state_machine_alias(
        stateMachineAliasArn=f"{machine}:live",
        routingConfiguration=[
            {"stateMachineVersionArn": f"{machine}:{version}", "weight": weight}
            for version, weight in weights.items()
        ],
    )


def test_all_that_is_proven_and_deployed_as_proven_opens_the_gate(shop: Shop) -> None:
    account = Account()
    gate = shop.gate(account)
    assert gate.reasons == ()
    assert gate.open
    assert gate.exit_status == 0
    assert gate.looked_at == {"units": 3, "states": 3, "alarms": 1, "handlers": 3}
    assert set(account.calls) <= set(PERMISSIONS)
    assert check(find_config(shop.folder), "Order", None).exit_status == 2  # nobody was asked


def sent(shop: Shop, account: Account, monkeypatch: pytest.MonkeyPatch) -> tuple[Gate, list[Any]]:
    """All requests of a check as they go out, and by whom each is signed."""
    seen: list[Any] = []

    def watched(service: str, endpoint: str | None = None, region: str | None = None) -> Any:
        made = client(service, endpoint, region)
        here, there = made.meta.endpoint_url, boto3.client(service).meta.endpoint_url
        assert here == (endpoint or there)

        def note(request: Any, **_: Any) -> None:
            headers = {name.lower(): value for name, value in request.headers.items()}
            signer = str(headers["authorization"]).partition("Credential=")[2].partition("/")[0]
            kept = {name: headers.get(name) for name in ("content-type", "x-amz-target")}
            what = (request.method, request.url.removeprefix(here), request.body, kept)
            seen.append((what, signer))
            request.url = request.url.replace(here, there)  # where moto answers

        made.meta.events.register_first("before-send", note)
        return made

    monkeypatch.setattr("parity.aws.deployed.client", watched)
    return shop.gate(account), seen


def test_a_local_aws_is_asked_what_aws_is_asked_elsewhere_and_by_another_name(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, seen = sent(shop, Account(), monkeypatch)
    local, seen_there = sent(shop, Account("http://127.0.0.1:9"), monkeypatch)
    assert gate == local
    assert gate.open
    assert len(seen) >= 8
    assert [what for what, _ in seen] == [what for what, _ in seen_there]
    assert "local" not in {signer for _, signer in seen}  # but of the environment
    assert {signer for _, signer in seen_there} == {"local"}


def test_nothing_of_the_project_is_run(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    def canary(*_: Any, **__: Any) -> None:
        raise AssertionError("something was run")

    for file in (shop.folder / "python").rglob("*.py"):
        file.write_text("raise SystemExit('imported')\n" + file.read_text())
    (shop.folder / "pom.xml").write_text("no pom at all")
    monkeypatch.setattr(subprocess, "Popen", canary)
    assert {one.kind for one in shop.gate().reasons} == {"stale-python"}


def drop(name: str) -> Callable[[Shop], None]:
    """Deletes a file of evidence."""
    return lambda shop: (shop.folder / "tests/evidence" / name).unlink()


def expired(shop: Shop) -> None:
    past = datetime.date.today() - datetime.timedelta(days=1)
    allow = (
        '[[unit."shop.flow:receipt".allow]]\npath = "$.x"\nkind = "changed"\n'
        f'reason = "for a while"\nowner = "@shop"\nexpires = {past}\n'
    )
    file = shop.folder / "parity.map.toml"
    file.write_text(file.read_text() + allow)


def weakened(shop: Shop) -> None:
    shop.rewrite("@strength/shop.flow/price_line.json", caught=3)


def unlike_any(shop: Shop) -> None:
    shop.rewrite("@strength/shop.flow/price_line.json", rests_on="something else")


def unseen(shop: Shop) -> None:
    file = shop.folder / "tests/evidence/@workflows/Order.json"
    proof = json.loads(file.read_text())
    proof["states"]["Receipt"] |= {"hops": 0, "passing": 0}
    file.write_text(json.dumps(proof))


def other_java(shop: Shop) -> None:
    file = shop.folder / "tests/evidence/shop.flow/receipt.json"
    proof = json.loads(file.read_text())
    proof["rests_on"]["java"] = "21"
    file.write_text(json.dumps(proof))


def redeploy(change: Callable[[str], str]) -> Callable[[Shop], None]:
    """Publishes another definition, as the version that is to get the work."""

    def changed(shop: Shop) -> None:
        states = boto3.client("stepfunctions")
        machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
        there = states.describe_state_machine(stateMachineArn=f"{machine}:2")["definition"]
        states.update_state_machine(stateMachineArn=machine, definition=change(there), publish=True)
        shop.edit("parity.toml", 'machine = "orders"', 'machine = "orders"\njava = 3')

    return changed


def other_handler(_: Shop) -> None:
    boto3.client("lambda").update_function_configuration(
        FunctionName="prod-TotalOrder", Handler="shop.Older"
    )


def repackage(*without: str) -> Callable[[Shop], None]:
    """Deploys a package without a class."""

    def changed(shop: Shop) -> None:
        package = archive(shop.folder / "target/classes", *without)
        boto3.client("lambda").update_function_code(FunctionName="prod-TotalOrder", ZipFile=package)

    return changed


def older_class(shop: Shop) -> None:
    """Deploys what was built of another source, in a package that is whole."""
    classes = shop.folder / "target/classes/shop"
    (classes / "TotalOrder.class").write_bytes((classes / "Receipt.class").read_bytes())
    repackage()(shop)


def no_function(_: Shop) -> None:
    boto3.client("lambda").delete_function(FunctionName="prod-TotalOrder")


def no_alias(_: Shop) -> None:
    states = boto3.client("stepfunctions")
    machine = states.list_state_machines()["stateMachines"][0]["stateMachineArn"]
    states.delete_state_machine_alias(stateMachineAliasArn=f"{machine}:live")


def strange_route(shop: Shop) -> None:
    redeploy(lambda text: text)(shop)
    shop.edit("parity.toml", "java = 3", "java = 2")
    route({1: 50, 3: 50})


SHUT: dict[str, tuple[str, Callable[[Shop], None]]] = {
    "a state without a unit": (
        "unmapped-state",
        lambda shop: shop.edit("parity.toml", 'Receipt = "shop.flow:receipt"\n', ""),
    ),
    "a unit that the map does not have": (
        "unmapped-state",
        lambda shop: shop.edit("parity.map.toml", '"shop.flow:receipt"', '"shop.flow:one_line"'),
    ),
    "no evidence": ("unproven", drop("shop.flow/receipt.json")),
    "a unit that differs": (
        "not-matched",
        lambda shop: shop.rewrite("shop.flow/receipt.json", verdict="differs"),
    ),
    "python that has changed": (
        "stale-python",
        lambda shop: shop.edit("python/shop/flow.py", "count >= 10", "count > 10"),
    ),
    "Java that has changed": (
        "stale-java",
        lambda shop: shop.edit("src/main/java/shop/PriceLine.java", "count >= 10", "count > 10"),
    ),
    "fixtures that have changed": (
        "stale-terms",
        lambda shop: shop.edit("inputs/shop.flow/receipt.jsonl", "nobody", "somebody"),
    ),
    "an allowance that has expired": ("allowance-expired", expired),
    "strength never measured": ("not-measured", drop("@strength/shop.flow/receipt.json")),
    "strength of other fixtures": ("stale-strength", unlike_any),
    "weak fixtures": ("weak", weakened),
    "a workflow never proven": ("workflow-unproven", drop("@workflows/Order.json")),
    "a workflow that differs": (
        "workflow-differs",
        lambda shop: shop.rewrite("@workflows/Order.json", verdict="differs"),
    ),
    "a state that no hop went through": ("state-unseen", unseen),
    "a definition that has changed": (
        "stale-definition",
        lambda shop: shop.edit("infra/order.asl.json", 'Concurrency": 4', 'Concurrency": 5'),
    ),
    "a runtime that has changed": (
        "stale-definition",
        lambda shop: shop.edit("infra/template.yaml", "Runtime: java17", "Runtime: java21"),
    ),
    "requests that have changed": (
        "stale-requests",
        lambda shop: shop.edit("fixtures/requests.jsonl", '"count": 12', '"count": 13'),
    ),
    "terms that have changed": (
        "stale-requests",
        lambda shop: shop.edit("parity.toml", '"fixtures/requests.jsonl"',
                               '"fixtures/requests.jsonl"\nnulls = "absent"'),
    ),
    "another Java": ("java-version", other_java),
    "too many items": (
        "limit",
        lambda shop: shop.edit(
            "parity.toml", "floor = 60", "floor = 60\nassumed = { items = 40000 }"
        ),
    ),
    "no alarm named": (
        "no-alarm",
        lambda shop: shop.edit("parity.toml", 'alarms = ["orders-fail"]', "alarms = []"),
    ),
    "an alarm that is not there": (
        "no-alarm",
        lambda shop: shop.edit("parity.toml", "orders-fail", "orders-fall"),
    ),
    "an alarm that rings": ("alarm-rings", lambda _: alarm("ALARM")),
    "an alarm without actions": ("alarm-silent", lambda _: alarm(AlarmActions=[])),
    "an alarm that sees nothing": ("alarm-silent", lambda _: alarm("INSUFFICIENT_DATA")),
    "no such machine": (
        "not-deployed",
        lambda shop: shop.edit("parity.toml", 'machine = "orders"', 'machine = "elsewhere"'),
    ),
    "no such version": (
        "not-deployed",
        lambda shop: shop.edit("parity.toml", 'machine = "orders"', 'machine = "orders"\njava = 7'),
    ),
    "another definition": (
        "other-definition",
        redeploy(lambda text: text.replace('"MaxAttempts": 3', '"MaxAttempts": 1')),
    ),
    "another handler": ("other-handler", other_handler),
    "a package without a class": ("other-package", repackage("TotalOrder")),
    "a package of other sources": ("other-package", older_class),
    "a function that is gone": ("not-deployed", no_function),
    "no alias": ("no-alias", no_alias),
    "an alias that leads elsewhere": ("strange-route", strange_route),
    "no version of legacy": (
        "no-way-back",
        lambda shop: shop.edit(
            "parity.toml", 'machine = "orders"', 'machine = "orders"\nlegacy = 9'
        ),
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", SHUT)
def test_the_gate_is_shut_by(what: str, shop: Shop) -> None:
    kind, change = SHUT[what]
    change(shop)
    gate = shop.gate()
    assert not gate.open
    assert gate.exit_status == 1
    found = [one for one in gate.reasons if one.kind == kind]
    assert found, gate.reasons
    assert all(one.cure and one.why and one.about for one in gate.reasons)


def test_every_reason_is_produced_by_a_test() -> None:
    assert {kind for kind, _ in (*SHUT.values(), *ALONE.values())} == set(REASONS)


# ---------------------------------------------------------------- a single unit

SWITCH = """
[switch."shop.flow:total_order"]
function = "prod-TotalOrder"
file = "switch/switch.json"
log = "switch/log"
alarms = ["orders-fail"]
floor = 60
"""
UNIT = "shop.flow:total_order"


def switched(shop: Shop) -> None:
    """The unit has a switch, and one process has told that it follows it."""
    config = shop.folder / "parity.toml"
    config.write_text(config.read_text() + SWITCH)
    UnitDoor(find_config(shop.folder), UNIT).install(shop.folder / "switch")
    log = shop.folder / "switch/log/host-1-1.jsonl"
    log.parent.mkdir()
    log.write_text(json.dumps({"unit": UNIT, "hello": 1}) + "\n")


def with_ports(shop: Shop) -> None:
    file = shop.folder / "inputs/shop.flow/total_order.jsonl"
    line = json.loads(file.read_text().splitlines()[0])
    ports = [{"port": "shop.flow:Till", "call": "open", "args": [], "returned": None}]
    file.write_text(json.dumps({**line, "world": {"ports": ports}}) + "\n")
    mapped = shop.folder / "parity.map.toml"
    mapped.write_text(mapped.read_text() + '\n[port."shop.flow:Till"]\njava = "shop.Till"\n')


ALONE: dict[str, tuple[str, Callable[[Shop], None]]] = {
    "a unit that the map does not have": (
        "unmapped-state",
        lambda shop: shop.edit("parity.map.toml", f'"{UNIT}"', '"shop.flow:one_line"'),
    ),
    "no evidence": ("unproven", drop("shop.flow/total_order.json")),
    "python that has changed": (
        "stale-python",
        lambda shop: shop.edit("python/shop/flow.py", "count >= 10", "count > 10"),
    ),
    "weak fixtures": (
        "weak",
        lambda shop: shop.rewrite("@strength/shop.flow/total_order.json", mutants=9, caught=1),
    ),
    "effects": ("not-alone", with_ports),
    "no switch": ("no-switch", lambda shop: (shop.folder / "switch/switch.json").unlink()),
    "no process with the switch": (
        "no-switch",
        lambda shop: shutil.rmtree(shop.folder / "switch/log"),
    ),
    "no alarm": ("no-alarm", lambda shop: shop.edit("parity.toml", '["orders-fail"]', "[]")),
    "an alarm that rings": ("alarm-rings", lambda _: alarm("ALARM")),
    "no function": ("not-deployed", no_function),
    "another handler": ("other-handler", other_handler),
    "another package": ("other-package", repackage("TotalOrder")),
    "another Java": (
        "java-version",
        lambda _: boto3.client("lambda").update_function_configuration(
            FunctionName="prod-TotalOrder", Runtime="java21"
        ),
    ),
}


def test_a_unit_that_is_proven_deployed_and_switched_may_go_first(shop: Shop) -> None:
    switched(shop)
    account = Account()
    gate = check(find_config(shop.folder), UNIT, account)
    assert gate.reasons == ()
    assert gate.open
    assert gate.looked_at == {"units": 1, "processes": 1, "alarms": 1}
    assert set(account.calls) <= set(PERMISSIONS)


@pytest.mark.parametrize("what", ALONE)
def test_the_gate_of_a_unit_is_shut_by(what: str, shop: Shop) -> None:
    switched(shop)
    kind, change = ALONE[what]
    change(shop)
    gate = check(find_config(shop.folder), UNIT, Account())
    assert gate.exit_status == 1
    assert kind in {one.kind for one in gate.reasons}, gate.reasons
    assert all(one.cure and one.why and one.about for one in gate.reasons)


def test_reasons_come_in_the_order_of_their_list(shop: Shop) -> None:
    alarm("ALARM")
    drop("@workflows/Order.json")(shop)
    drop("shop.flow/receipt.json")(shop)
    kinds = [one.kind for one in shop.gate().reasons]
    assert kinds == sorted(kinds, key=list(REASONS).index)
    assert kinds == ["unproven", "workflow-unproven", "alarm-rings"]


def test_two_functions_that_were_swapped_are_found(shop: Shop) -> None:
    """Each is one that was proven, and each in the wrong place."""

    def swapped(text: str) -> str:
        return (
            text.replace("prod-TotalOrder", "prod-!")
            .replace("prod-Receipt", "prod-TotalOrder")
            .replace("prod-!", "prod-Receipt")
        )

    redeploy(swapped)(shop)
    found = shop.gate().reasons
    assert {one.kind for one in found} == {"other-handler"}
    assert {one.about for one in found} == {"TotalOrder", "Receipt"}
