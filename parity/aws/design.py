"""What a template says of one state machine, worked out without making or running anything."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from parity.aws.asl import Machine, read_machine
from parity.aws.client import REGION
from parity.aws.documents import read_documents
from parity.aws.machines import tasks_of
from parity.aws.stack import Code, Function, Stack, StateMachine
from parity.aws.template import Place, made_before, read_stack
from parity.errors import ParityError, did_you_mean

ACCOUNT = "000000000000"


@dataclass(frozen=True, slots=True)
class Handled:
    """What runs a state: class and method, and the runtime."""

    handler: str
    runtime: str


@dataclass(frozen=True, slots=True)
class Design:
    """A state machine as a template has it."""

    name: str
    definition: Mapping[str, Any]
    functions: Mapping[str, str]
    """The function of each state that calls one, by its ARN or name as the definition has it."""

    handled: Mapping[str, Handled]
    """What runs each of these states."""

    @property
    def machine(self) -> Machine:
        """Its states, and the ways between them."""
        return read_machine(json.dumps(self.definition), self.name)


def design_of(template: Path, machine: str, parameters: Mapping[str, str]) -> Design:
    """The state machine of a template or `cdk.out`. Raises ParityError."""
    stacks: list[Stack] = []
    place = Place(REGION, ACCOUNT, "http://localhost")
    for document in read_documents(template):
        before = made_before(stacks)
        stacks.append(
            read_stack(document, place, parameters, _any_code, prefer_project=True, before=before)
        )
    found = machine_in(stacks, machine, template)
    functions = {one.arn: one for stack in stacks for one in stack.functions}
    called = tasks_of(found)
    handled = {}
    for state, target in called.items():
        function = _function(functions, target)
        if function is not None:
            runtime = str(function.settings.get("Runtime", ""))
            handled[state] = Handled(function.handler, runtime)
    return Design(found.name, json.loads(found.definition), called, handled)


def machine_in(stacks: list[Stack], machine: str, template: Path) -> StateMachine:
    """The state machine of a logical id or a name. Raises ParityError where there is none."""
    machines = [one for stack in stacks for one in stack.machines]
    for one in machines:
        if machine in (one.logical, one.name):  # CDK adds a hash to logical ids
            return one
    known = [one.logical for one in machines]
    raise ParityError(
        f"there is no state machine `{machine}`",
        where=str(template),
        why=f"it makes {', '.join(known) or 'none'}",
        next_step=did_you_mean(machine, known) or "mend `machine` in the config",
    )


def _function(functions: Mapping[str, Function], target: str) -> Function | None:
    """The function of an ARN, of one with a version or alias behind it, or of a name."""
    for arn, function in functions.items():
        if target in (arn, function.name) or target.startswith((f"{arn}:", f"{function.name}:")):
            return function
    return None


def _any_code(_: str) -> Code:
    return Code(())  # nothing is run: where the code is does not matter


# ---------------------------------------------------------------- against what is deployed


def parts_apart(designed: Any, deployed: Any, names: Mapping[str, str]) -> Iterator[str]:
    """Where a deployed definition is not the designed one, as paths with both values.

    `names` are what the account calls things: designed name to deployed one. Other texts that
    look like ARNs must part in account, region and name only, and each always in the same way.
    """
    known = dict(names)
    yield from _apart(designed, deployed, "$", known)


def _apart(designed: Any, deployed: Any, path: str, known: dict[str, str]) -> Iterator[str]:
    if isinstance(designed, dict) and isinstance(deployed, dict):
        for name in sorted({*designed, *deployed}):
            inner = f"{path}.{name}"
            if name not in deployed:
                yield f"{inner} is not deployed"
            elif name not in designed:
                yield f"{inner} is deployed, and not in the template"
            else:
                yield from _apart(designed[name], deployed[name], inner, known)
    elif isinstance(designed, list) and isinstance(deployed, list):
        if len(designed) != len(deployed):
            yield f"{path} has {len(deployed)} elements, and {len(designed)} in the template"
            return
        for index, (mine, theirs) in enumerate(zip(designed, deployed, strict=True)):
            yield from _apart(mine, theirs, f"{path}[{index}]", known)
    elif not _is_same(designed, deployed) and not _same_thing(designed, deployed, known):
        yield f"{path} is {_short(deployed)}, and {_short(designed)} in the template"


def _is_same(designed: Any, deployed: Any) -> bool:
    return type(designed) is type(deployed) and designed == deployed


def _same_thing(designed: Any, deployed: Any, known: dict[str, str]) -> bool:
    """Whether two texts name one resource in two accounts."""
    if not isinstance(designed, str) or not isinstance(deployed, str):
        return False
    if designed in known:
        return known[designed] == deployed
    mine, theirs = designed.split(":"), deployed.split(":")
    if not designed.startswith("arn:") or len(mine) != len(theirs) or mine[2:3] != theirs[2:3]:
        return False
    if mine[5:6] != theirs[5:6] and mine[2] in ("lambda", "states"):
        return False
    known[designed] = deployed
    return True


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 80 else f"{text[:77]}..."
