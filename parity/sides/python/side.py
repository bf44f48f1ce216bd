"""The python side as the supervisor sees it."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.model import Fixture, Unit
from parity.sides.process import Process
from parity.sides.recorded_calls import settled
from parity.sides.worker import Worker
from parity.values.form import dumps

WORKER = Path(__file__).with_name("worker.py")
MEMORY = 2 << 30
FORM = Path(__file__).parents[2] / "values" / "form.py"
SEAMS = Path(__file__).with_name("outside") / "__init__.py"
"""What stands in for libraries' ways to the world; a recording notes by it."""


def python_worker(
    config: Config,
    *,
    hash_seed: int,
    path: Sequence[str] = (),
    max_items: int = 10_000,
    stop: threading.Event | None = None,
) -> Worker:
    """A worker in the project's interpreter, with a fixed hash seed.

    `path` are folders that stand before the sources on sys.path. `stop` is set by whoever ends the
    run before the worker is killed.
    """
    command = [str(interpreter(config)), str(WORKER)]
    env = environment(config, hash_seed)
    hello = {
        "op": "hello",
        "path": [str((config.root / one).resolve()) for one in path],
        "sources": [str(source) for source in config.sources],
        "types": config.table.types,
        "max_items": max_items,
        "memory": MEMORY,
    }
    needs = f"{command[0]} has to be Python 3.8 or newer: see `interpreter` in [python]"
    return Worker("python", lambda: Process(command, env, config.root), lambda: hello, needs, stop)


def interpreter(config: Config) -> Path:
    """The interpreter that runs the python side; links are kept, since they mark a venv."""
    configured = config.table.python.interpreter
    return config.root / configured if configured else Path(sys.executable)


def environment(config: Config, hash_seed: int) -> dict[str, str]:
    """What the worker sees of the environment: little, and the same everywhere."""
    env = {name: os.environ[name] for name in config.table.python.env_pass if name in os.environ}
    return env | {
        "PATH": os.environ.get("PATH", os.defpath),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONHASHSEED": str(hash_seed),
        "PYTHONUTF8": "1",
    }


def python_unit(unit: Unit) -> dict[str, Any]:
    """What the worker is told of a unit."""
    return {
        "id": unit.id,
        "python": unit.reference,
        "receiver": unit.python_receiver,
        "imports": list(unit.python_imports),
        "expression": unit.python,
        "body": unit.python_body,
        "parameters": list(unit.parameters),
        "isolate": unit.terms.isolate == "fixture",
        "domain": unit.terms.domain,
        "ports": [{"port": port.id, "name": port.python_name} for port in unit.ports],
    }


def python_line(fixture: Fixture) -> str:
    """The line of a fixture for the worker."""
    line: dict[str, Any] = {"args": fixture.args, "kwargs": fixture.kwargs}
    if fixture.has_self:
        line["self"] = fixture.self_state
    if fixture.steps is not None:
        line["steps"] = fixture.steps
    if fixture.world is not None:
        line["world"] = settled(fixture.world)
    return dumps(line)
