"""The file that says what a workload is, checked; and prices, which a file of one's own changes."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError

from parity.errors import ConfigError, ParityError
from parity.evaluated import Price
from parity.tables import Table, Text, problems_of

PRICES = Path(__file__).with_name("prices.toml")
Amount = Annotated[float, Field(ge=0)]
Way = Literal["ec2", "ecs", "step_functions"]


class ExecutionTable(Table):
    """What one execution needs."""

    items: Annotated[int, Field(ge=0)] = 1
    transitions: Amount | None = None
    calls: Amount | None = None
    puts: Amount = 0.0
    gets: Amount = 0.0
    write_units: Amount = 0.0
    read_units: Amount = 0.0
    seconds: Amount = 0.0
    state_bytes: Amount = 1024.0
    server_seconds: Annotated[float, Field(gt=0)]


class HandlerTable(Table):
    """What one call of a handler needs."""

    seconds: Annotated[float, Field(gt=0)]
    gb: Annotated[float, Field(gt=0)]


class ServersTable(Table):
    """What the legacy server runs on, wherever that is."""

    hosts: Annotated[int, Field(ge=1)]
    vcpu: Annotated[float, Field(gt=0)] = 1.0
    gb: Annotated[float, Field(gt=0)] = 2.0
    at_a_time: Annotated[float, Field(gt=0)] = 1.0
    busy: Annotated[float, Field(gt=0, le=1)] = 0.5
    balancers: Annotated[int, Field(ge=0)] = 0


class NetworkTable(Table):
    """What stands there whatever is done."""

    endpoints: Annotated[int, Field(ge=0)] = 0
    nats: Annotated[int, Field(ge=0)] = 0


class StaffTable(Table):
    """Hours a month that people spend on each way."""

    dollars: Amount
    ec2: Amount
    ecs: Amount
    step_functions: Amount


class PeakTable(Table):
    """The busiest moment."""

    executions_at_a_time: Annotated[int, Field(ge=1)] = 1
    calls_at_a_time: Annotated[int, Field(ge=1)] = 1


class FailureTable(Table):
    """One row of an experiment."""

    option: Way
    what: Text
    outcome: Text
    source: Text


class Workload(Table):
    """A workload file."""

    schema_: Annotated[int, Field(alias="schema", ge=1, le=1)] = 1
    workflow: Text
    executions: Annotated[int, Field(ge=0)]
    chosen: Way | None = None
    execution: ExecutionTable
    handler: HandlerTable
    servers: ServersTable
    network: NetworkTable = NetworkTable()
    staff: StaffTable
    peak: PeakTable = PeakTable()
    sources: dict[str, Text] = Field(default_factory=dict)
    failure: list[FailureTable] = Field(default_factory=list)
    notes: dict[Way, list[Text]] = Field(default_factory=dict)


class PriceTable(Table):
    """One price."""

    price: Amount
    source: Text
    seen: Text


def read_workload(file: Path) -> Workload:
    """The workload of a file. Raises ParityError with everything that is wrong with it."""
    try:
        workload = Workload.model_validate(_toml(file, "the workload"))
    except ValidationError as error:
        raise ConfigError(str(file), problems_of(error, Workload), kind="workload") from None
    strange = sorted(set(workload.sources) - set(numbers_of(workload)))
    if strange:
        raise ParityError(
            f"`sources` speaks of {strange[0]}, which is no number of the workload",
            where=str(file),
            why=f"there are {', '.join(numbers_of(workload))}",
            next_step="mend the name, or write the number",
        )
    return workload


def read_prices(file: Path | None) -> dict[str, Price]:
    """The shipped prices, and over them those of a file. Raises ParityError."""
    found = _prices(PRICES)
    if file is None:
        return found
    own = _prices(file)
    strange = sorted(set(own) - set(found))
    if strange:
        raise ParityError(
            f"there is no price called {strange[0]}",
            where=str(file),
            why=f"there are {', '.join(found)}",
            next_step="mend its name",
        )
    return {**found, **own}


def numbers_of(workload: Workload) -> dict[str, float]:
    """Every number of a workload that was written, by its place."""
    found: dict[str, float] = {"executions": float(workload.executions)}
    for name in ("execution", "handler", "servers", "network", "staff", "peak"):
        table = getattr(workload, name)
        for key in type(table).model_fields:
            value = getattr(table, key)
            if value is not None and key in table.model_fields_set:
                found[f"{name}.{key}"] = float(value)
    return found


def _prices(file: Path) -> dict[str, Price]:
    try:
        read = TypeAdapter(dict[str, PriceTable]).validate_python(_toml(file, "the prices"))
    except ValidationError as error:
        raise ConfigError(str(file), problems_of(error, PriceTable), kind="prices") from None
    return {name: Price(name, one.price, one.source, one.seen) for name, one in read.items()}


def _toml(file: Path, what: str) -> Mapping[str, Any]:
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise ParityError(
            f"{what} cannot be read",
            where=str(file),
            why=str(error),
            next_step="docs/evaluate.md shows such a file",
        ) from None
