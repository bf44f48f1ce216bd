"""Plants defects in the synthesised templates, and says which check finds which.

`make synth && python bench/template_defects.py [NAME...]`. Each defect changes one template as a
slip in a stack would; the tests of tests/infra, cfn-lint and the nag pack (AwsSolutions of cdk-nag)
then look at it. Exits with 0 where the unchanged templates pass all three and each defect is found.
"""

from __future__ import annotations

import copy
import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from rich.console import Console
from rich.table import Table

from tests.infra.assembly import ROOT, Assembly
from tests.infra.checks import CHECKS
from tests.infra.lint import lint

INFRA: Final = ROOT / "java_lambdas/infra"
Node = dict[str, Any]


@dataclass(frozen=True)
class Defect:
    """A slip: its name, the stack it is in, and what it does to that template."""

    name: str
    stack: str
    plant: Callable[[Node], object]


def one(template: Node, kind: str, part: str = "") -> Node:
    """The first resource of a kind whose logical id starts so."""
    for logical, resource in template["Resources"].items():
        if resource["Type"] == kind and logical.startswith(part):
            found: Node = resource
            return found
    raise KeyError(f"{kind} {part}")


def name_of(template: Node, kind: str, part: str = "") -> str:
    """The logical id of the first resource of a kind that starts so."""
    resources = template["Resources"].items()
    return next(name for name, one in resources if one["Type"] == kind and name.startswith(part))


def set_in(kind: str, part: str, *path: Any) -> Callable[[Node], None]:
    """Sets a property: the last of the path is the value."""

    def plant(template: Node) -> None:
        node: Any = one(template, kind, part)["Properties"]
        for step in path[:-2]:
            node = node[step]
        node[path[-2]] = path[-1]

    return plant


def drop(kind: str, part: str, *path: Any) -> Callable[[Node], None]:
    """Removes a property."""

    def plant(template: Node) -> None:
        node: Any = one(template, kind, part)["Properties"]
        for step in path[:-1]:
            node = node[step]
        del node[path[-1]]

    return plant


def remove(kind: str, part: str) -> Callable[[Node], None]:
    """Removes a resource, and what depends on it by name only."""

    def plant(template: Node) -> None:
        logical = name_of(template, kind, part)
        del template["Resources"][logical]
        for resource in template["Resources"].values():
            needs = resource.get("DependsOn", [])
            if logical in needs:
                resource["DependsOn"] = [other for other in needs if other != logical]

    return plant


def statement(part: str, action: str, **changes: Any) -> Callable[[Node], None]:
    """Changes the statement of a role's policy that has an action."""

    def plant(template: Node) -> None:
        policy = one(template, "AWS::IAM::Policy", part)["Properties"]["PolicyDocument"]
        for each in policy["Statement"]:
            actions = each["Action"] if isinstance(each["Action"], list) else [each["Action"]]
            if action in actions:
                each.update(changes)
                return
        raise KeyError(action)

    return plant


def allow_more(part: str, actions: list[str], resource: Any) -> Callable[[Node], None]:
    """Adds a statement to a role's policy."""

    def plant(template: Node) -> None:
        policy = one(template, "AWS::IAM::Policy", part)["Properties"]["PolicyDocument"]
        more = {"Effect": "Allow", "Action": actions, "Resource": resource}
        policy["Statement"].append(more)

    return plant


def shared_role(template: Node) -> None:
    """One function runs as another."""
    functions = [one(template, "AWS::Lambda::Function", name) for name in ("Cancel", "SetLock")]
    functions[0]["Properties"]["Role"] = functions[1]["Properties"]["Role"]


def swapped_versions(template: Node) -> None:
    """Two SSM parameters lead to each other's function."""
    first = one(template, "AWS::SSM::Parameter", "CatchUpVersion")["Properties"]
    second = one(template, "AWS::SSM::Parameter", "VerifyCopyVersion")["Properties"]
    first["Value"], second["Value"] = second["Value"], first["Value"]


def lost_export(template: Node) -> None:
    """An output that another stack imports is gone."""
    name = next(name for name in template["Outputs"] if name.startswith("ExportsOutputRefTable"))
    del template["Outputs"][name]


def unretained(template: Node) -> None:
    """The table goes with its stack."""
    one(template, "AWS::DynamoDB::Table")["DeletionPolicy"] = "Delete"


def early_alias(template: Node) -> None:
    """The alias may be made before its alarms."""
    del one(template, "AWS::StepFunctions::StateMachineAlias")["DependsOn"]


def open_way_out(template: Node) -> None:
    """The functions reach everything."""
    egress = one(template, "AWS::EC2::SecurityGroup", "Functions")["Properties"]
    egress["SecurityGroupEgress"] = [
        {"CidrIp": "0.0.0.0/0", "Description": "all", "IpProtocol": "-1"}
    ]


BUCKET, TABLE = "AWS::S3::Bucket", "AWS::DynamoDB::Table"
FUNCTION, ALIAS = "AWS::Lambda::Function", "AWS::StepFunctions::StateMachineAlias"
MACHINE, ALARM = "AWS::StepFunctions::StateMachine", "AWS::CloudWatch::Alarm"
NETWORK, STORAGE, FUNCTIONS = "SableNetwork", "SableStorage", "SableFunctions"
WORKFLOW, SEEN = "SableWorkflow", "SableObservability"
EVERYBODY = {"CidrIp": "0.0.0.0/0", "IpProtocol": "tcp", "FromPort": 443, "ToPort": 443}
INGRESS = [{**EVERYBODY, "Description": "from anywhere"}]
SHIFT = "DeploymentPreference"

DEFECTS: Final = (
    Defect(
        "public bucket",
        STORAGE,
        set_in(BUCKET, "Claims", "PublicAccessBlockConfiguration", "BlockPublicPolicy", False),
    ),
    Defect("bucket without encryption", STORAGE, drop(BUCKET, "Claims", "BucketEncryption")),
    Defect("claims kept for ever", STORAGE, drop(BUCKET, "Claims", "LifecycleConfiguration")),
    Defect(
        "claims gone before their execution",
        STORAGE,
        set_in(BUCKET, "Claims", "LifecycleConfiguration", "Rules", 0, "ExpirationInDays", 3),
    ),
    Defect("bucket reached without TLS", STORAGE, remove("AWS::S3::BucketPolicy", "ClaimsBucket")),
    Defect("bucket without access log", STORAGE, drop(BUCKET, "Claims", "LoggingConfiguration")),
    Defect("table without recovery", STORAGE, drop(TABLE, "", "PointInTimeRecoverySpecification")),
    Defect("table without encryption", STORAGE, drop(TABLE, "", "SSESpecification")),
    Defect("table goes with its stack", STORAGE, unretained),
    Defect("another sort key", STORAGE, set_in(TABLE, "", "KeySchema", 1, "AttributeName", "id")),
    Defect("an export is lost", STORAGE, lost_export),
    Defect(
        "open security group",
        NETWORK,
        set_in("AWS::EC2::SecurityGroup", "Endpoints", "SecurityGroupIngress", INGRESS),
    ),
    Defect("functions reach everything", NETWORK, open_way_out),
    Defect("endpoint of S3 removed", NETWORK, remove("AWS::EC2::VPCEndpoint", "VpcS3")),
    Defect(
        "endpoint of Step Functions removed",
        NETWORK,
        remove("AWS::EC2::VPCEndpoint", "StepFunctions"),
    ),
    Defect("flow log removed", NETWORK, remove("AWS::EC2::FlowLog", "")),
    Defect(
        "subnet with public addresses",
        NETWORK,
        set_in("AWS::EC2::Subnet", "", "MapPublicIpOnLaunch", True),
    ),
    Defect(
        "wildcard action",
        FUNCTIONS,
        statement("PlanBatchRole", "dynamodb:GetItem", Action="dynamodb:*"),
    ),
    Defect(
        "write to every bucket",
        FUNCTIONS,
        statement("PlanBatchRole", "s3:PutObject", Resource="*"),
    ),
    Defect(
        "a reader may write",
        FUNCTIONS,
        allow_more(
            "StatusRole",
            ["dynamodb:PutItem"],
            {"Fn::ImportValue": "SableStorage:ExportsOutputFnGetAttTableCD117FA1ArnE2C8C204"},
        ),
    ),
    Defect(
        "managed policy",
        FUNCTIONS,
        set_in(
            "AWS::IAM::Role",
            "CopyChunksRole",
            "ManagedPolicyArns",
            ["arn:aws:iam::aws:policy/AmazonDynamoDBFullAccess"],
        ),
    ),
    Defect("two functions, one role", FUNCTIONS, shared_role),
    Defect(
        "wrong handler name",
        FUNCTIONS,
        set_in(FUNCTION, "SwitchRoute", "Handler", "com.sable.moves.SwitchRoutes::handleRequest"),
    ),
    Defect(
        "wrong handler behind claims",
        FUNCTIONS,
        set_in(
            FUNCTION, "ListMoves", "Environment", "Variables", "CLAIMS_HANDLER", "moves.ListMoves"
        ),
    ),
    Defect(
        "handler of another step",
        FUNCTIONS,
        set_in(FUNCTION, "TurnBack", "Handler", "com.sable.moves.RollBack::handleRequest"),
    ),
    Defect("timeout longer than its state's", FUNCTIONS, set_in(FUNCTION, "Free", "Timeout", 600)),
    Defect("memory below the need", FUNCTIONS, set_in(FUNCTION, "CopyChunks", "MemorySize", 128)),
    Defect(
        "alias at $LATEST",
        FUNCTIONS,
        set_in("AWS::Lambda::Alias", "StartLive", "FunctionVersion", "$LATEST"),
    ),
    Defect("versions of two steps swapped", FUNCTIONS, swapped_versions),
    Defect("not told of its table", FUNCTIONS, drop(FUNCTION, "EndMove", "Environment")),
    Defect("function outside of the VPC", FUNCTIONS, drop(FUNCTION, "PlanBatch", "VpcConfig")),
    Defect("function not traced", FUNCTIONS, drop(FUNCTION, "CatchUp", "TracingConfig")),
    Defect(
        "log kept for ever",
        FUNCTIONS,
        drop("AWS::Logs::LogGroup", "CatchUpLog", "RetentionInDays"),
    ),
    Defect(
        "more reserved than there is",
        FUNCTIONS,
        set_in(FUNCTION, "CatchUp", "ReservedConcurrentExecutions", 700),
    ),
    Defect("no dead letter queue", FUNCTIONS, drop(FUNCTION, "SweepLeftovers", "DeadLetterConfig")),
    Defect(
        "dead letters in the clear",
        FUNCTIONS,
        set_in("AWS::SQS::Queue", "", "SqsManagedSseEnabled", False),
    ),
    Defect("switch starts cold", FUNCTIONS, drop(FUNCTION, "SwitchRoute", "SnapStart")),
    Defect("unknown runtime", FUNCTIONS, set_in(FUNCTION, "Cancel", "Runtime", "java18")),
    Defect("the sweep is never called", FUNCTIONS, remove("AWS::Scheduler::Schedule", "Sweep")),
    Defect(
        "alarm misnamed",
        WORKFLOW,
        set_in(ALIAS, "", SHIFT, "Alarms", ["BatchMoveEndpoint-ExecutionFailed"]),
    ),
    Defect("shift without alarms", WORKFLOW, set_in(ALIAS, "", SHIFT, "Alarms", [])),
    Defect("alias before its alarms", WORKFLOW, early_alias),
    Defect("all at once", WORKFLOW, set_in(ALIAS, "", SHIFT, "Type", "ALL_AT_ONCE")),
    Defect(
        "a state's function is not given",
        WORKFLOW,
        drop(MACHINE, "", "DefinitionSubstitutions", "TurnBackFunction"),
    ),
    Defect("machine logs nothing", WORKFLOW, drop(MACHINE, "", "LoggingConfiguration")),
    Defect("machine not traced", WORKFLOW, drop(MACHINE, "", "TracingConfiguration")),
    Defect(
        "machine may not call its functions",
        WORKFLOW,
        statement("MachineRole", "lambda:InvokeFunction", Action="lambda:GetFunction"),
    ),
    Defect(
        "machine may call everything",
        WORKFLOW,
        statement("MachineRole", "lambda:InvokeFunction", Resource="*"),
    ),
    Defect("alarm that wakes nobody", SEEN, drop(ALARM, "WorkflowFailed", "AlarmActions")),
    Defect(
        "alarm on a metric that is not there",
        SEEN,
        set_in(ALARM, "WorkflowFailed", "MetricName", "ExecutionFailed"),
    ),
    Defect("topic reached without TLS", SEEN, remove("AWS::SNS::TopicPolicy", "")),
)


def planted(out: Assembly, defect: Defect) -> Assembly:
    """The assembly with one defect."""
    stacks = {**out.stacks, defect.stack: copy.deepcopy(out.stacks[defect.stack])}
    before = json.dumps(stacks[defect.stack])
    defect.plant(stacks[defect.stack])
    if json.dumps(stacks[defect.stack]) == before:
        raise ValueError(f"{defect.name}: nothing was changed")
    return Assembly(out.folder, stacks)


def by_tests(out: Assembly) -> list[str]:
    """The checks that find something; one that cannot read what it looks at has found it."""
    found = []
    for check in CHECKS:
        try:
            wrong = list(check(out))
        except (KeyError, TypeError, ValueError) as error:
            wrong = [repr(error)]
        if wrong:
            found.append(check.__name__)
    return found


def by_nag(templates: Mapping[str, Mapping[str, Any]]) -> dict[str, list[str]]:
    """The rules of the nag pack that each of some templates breaks."""
    found: dict[str, list[str]] = {name: [] for name in templates}
    with tempfile.TemporaryDirectory() as folder:
        for name, body in templates.items():
            (Path(folder) / f"{name}.template.json").write_text(json.dumps(body), "utf-8")
        command = ["mvn", "-q", "-B", "-ntp", "-f", str(ROOT / "pom.xml"), "-pl"]
        command += ["java_lambdas/infra", "exec:exec@nag"]
        command += [f"-Dnag.templates={folder}", f"-Dnag.reports={folder}/reports"]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(done.stdout[-2000:] + done.stderr[-2000:])
    for line in done.stdout.splitlines():
        name, colon, said = line.partition(".metadata.json: ")
        if colon and name in found:
            found[name].append(said.partition(":")[0].partition("[")[0])
    return found


def main() -> int:
    """Prints the table."""
    out = Assembly.read()
    asked = sys.argv[1:]
    defects = [one for one in DEFECTS if not asked or one.name in asked]
    changed = [(defect, planted(out, defect)) for defect in defects]
    templates = {f"D{n}": each.stacks[one.stack] for n, (one, each) in enumerate(changed)}
    templates |= dict(out.stacks)
    with ThreadPoolExecutor(1) as apart:
        nagging = apart.submit(by_nag, templates)
        tests = {f"D{n}": by_tests(each) for n, (_, each) in enumerate(changed)}
        linted = {name: lint(json.dumps(body)) for name, body in templates.items()}
        nagged = nagging.result()
    table = Table("defect", "stack", "test", "cfn-lint", "nag")
    missed = []
    for n, defect in enumerate(defects):
        name = f"D{n}"
        rules = sorted({one.partition(" ")[0] for one in linted[name]})
        row = (", ".join(tests[name]), ", ".join(rules), ", ".join(sorted(set(nagged[name]))))
        table.add_row(defect.name, defect.stack, *row)
        if not any(row):
            missed.append(defect.name)
    wrong = {name: [*linted[name], *nagged[name]] for name in out.stacks}
    wrong["tests"] = by_tests(out)
    noise = {name: said for name, said in wrong.items() if said}
    console = Console(width=None if sys.stdout.isatty() else 160)
    console.print(table)
    console.print(f"{len(defects) - len(missed)} of {len(defects)} planted defects are found")
    for name in missed:
        console.print(f"MISSED: {name}")
    if noise:
        console.print(f"the unchanged templates do not pass: {noise}")
    return 1 if missed or noise else 0


if __name__ == "__main__":
    sys.exit(main())
