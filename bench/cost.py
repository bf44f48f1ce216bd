"""What the deployment costs a month: `python bench/cost.py [PRICES] [--moves N]`.

Counts come from the ASL file and the templates, prices from parity/evaluate/prices.toml, each with
its source and date. What no source was found for (S3, CloudWatch, X-Ray, data through
endpoints) is named, and not guessed.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from pathlib import Path
from typing import Final

from parity.aws.asl import Machine, read_machine
from tests.infra.assembly import ASL, ROOT, Assembly

HOURS: Final = 730
SWEEPS: Final = HOURS * 60
SECONDS: Final = 0.3
"""Billed for a call of a step, cold starts shared out: ten times what a warm one takes here."""

WRITES, READS = 4.0, 8.0
"""Units for a call: a transaction of two items, and what it rests on."""


def forward(machine: Machine) -> list[str]:
    """The states of the way on which nothing fails."""
    way = [machine.start]
    while (state := machine.states[way[-1]]).ways():
        following = state.body.get("Default") or state.body.get("Next")
        if following is None:
            break
        way.append(str(following))
    return way


def main() -> int:
    """Prints a line for each thing that is paid for."""
    parser = argparse.ArgumentParser()
    parser.add_argument(
        "prices", nargs="?", default=ROOT / "parity/evaluate/prices.toml", type=Path
    )
    parser.add_argument("--moves", type=int, default=10_000, help="moves a month")
    parser.add_argument("--batch", type=int, default=64, help="moves of a workflow")
    asked = parser.parse_args()
    prices = {
        name: float(one["price"]) for name, one in tomllib.loads(asked.prices.read_text()).items()
    }
    machine = read_machine(ASL.read_text("utf-8"), ASL.name)
    (inner,) = machine.states["MoveEndpoints"].within
    outer, each = forward(machine), forward(inner)
    batches = asked.moves / asked.batch
    transitions = batches * (len(outer) + 1) + asked.moves * (len(each) + 1)
    tasks = sum(machine.states[one].kind == "Task" for one in outer) * batches
    calls = tasks + asked.moves * sum(inner.states[one].kind == "Task" for one in each) + SWEEPS
    out = Assembly.read()
    zones = sum(
        len(endpoint["SubnetIds"])
        for _, endpoint in out.of("AWS::EC2::VPCEndpoint")
        if endpoint["VpcEndpointType"] == "Interface"
    )
    lines = {
        f"{transitions:,.0f} transitions": transitions * prices["transition"],
        f"{calls:,.0f} calls": calls * prices["request"],
        f"{calls:,.0f} calls of {SECONDS} s and 0.5 GB": calls * SECONDS / 2 * prices["gb_second"],
        f"{calls * WRITES:,.0f} write units": calls * WRITES * prices["write_unit"],
        f"{calls * READS:,.0f} read units": calls * READS * prices["read_unit"],
        f"{zones} interface endpoints, each zone": zones * HOURS * prices["endpoint_hour"],
    }
    for what, dollars in lines.items():
        print(f"{dollars:10.2f}  {what}")
    print(
        f"{sum(lines.values()):10.2f}  a month, with {asked.moves:,} moves in batches of", end=" "
    )
    print(f"{asked.batch}; without S3, CloudWatch, X-Ray and data through endpoints")
    return 0


if __name__ == "__main__":
    sys.exit(main())
