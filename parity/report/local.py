"""What a local AWS holds, as text and as JSON."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from parity.model import LocalStack

if TYPE_CHECKING:
    from rich.console import Console


def local_document(
    stacks: Sequence[LocalStack], environment: Mapping[str, str], logs: str
) -> dict[str, Any]:
    """One JSON object: endpoint, the environment to use it, and each stack."""
    return {
        "schema": 1,
        "endpoint": environment["AWS_ENDPOINT_URL"],
        "environment": dict(environment),
        "logs": logs,
        "stacks": [
            {
                "name": stack.name,
                "made": [{"kind": kind, "name": name} for kind, name in stack.made],
                "missing": [
                    {"resource": logical, "type": kind, "why": why}
                    for logical, kind, why in stack.missing
                ],
                "outputs": dict(stack.outputs),
            }
            for stack in stacks
        ],
    }


def print_local(
    stacks: Sequence[LocalStack], environment: Mapping[str, str], logs: str, out: Console
) -> None:
    """The stacks, and the lines that make a shell talk to the local AWS."""
    from rich.table import Table

    for stack in stacks:
        table = Table(box=None, pad_edge=False, header_style="")
        for column in ("kind", "name in " + stack.name):
            table.add_column(column, overflow="fold")
        for kind, name in stack.made:
            table.add_row(kind, name)
        out.print(table)
        for name, value in stack.outputs.items():
            out.print(f"output   {name} = {value}", soft_wrap=True, markup=False)
        for line in _missing(stack):
            out.print(line, soft_wrap=True, markup=False)
    out.print()
    for name, value in environment.items():
        out.print(f"export {name}={shlex.quote(value)}", soft_wrap=True, markup=False)
    out.print(f"# what handlers print: {logs}", soft_wrap=True, markup=False)


def _missing(stack: LocalStack) -> list[str]:
    """A line for each reason, with the resources that it is about."""
    by_reason: dict[str, list[str]] = {}
    for logical, _, why in stack.missing:
        by_reason.setdefault(why, []).append(logical)
    return [f"not here {', '.join(names)}: {why}" for why, names in by_reason.items()]
