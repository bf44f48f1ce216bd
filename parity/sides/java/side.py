"""The java side as the supervisor sees it."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.model import Unit
from parity.sides.java.home import PACKAGE, harness_jar
from parity.sides.java.types import wire_table
from parity.sides.process import Process
from parity.sides.worker import Worker


def java_worker(
    config: Config, home: Path, entries: Sequence[Path], *, salt: int, max_items: int = 10_000
) -> Worker:
    """A worker with a JVM in it; `salt` (0 or 1) turns the order of `Set.of` around."""
    cache = config.private / "cache" / "expressions"
    cache.mkdir(parents=True, exist_ok=True)
    hello = {
        "op": "hello",
        "harness": str(harness_jar()),
        "home": str(home),
        "jvm_args": config.table.java.jvm_args,
        "classpath": [str(entry.resolve()) for entry in entries],
        "salt": salt,
        "types": wire_table(),
        "cache": str(cache),
        "max_items": max_items,
    }
    command = [sys.executable, "-P", "-m", "parity.sides.java.worker"]
    needs = f"the JVM of {home} has to start: see `home` and `jvm_args` in [java]"
    return Worker("java", lambda: Process(command, _environment(home), config.root), hello, needs)


def _environment(home: Path) -> dict[str, str]:
    return {
        "PATH": os.environ.get("PATH", os.defpath),
        "JAVA_HOME": str(home),
        "LC_ALL": "C.UTF-8",
        "TZ": "UTC",
        "PYTHONPATH": str(PACKAGE.parent),
    }


def java_unit(unit: Unit) -> dict[str, Any]:
    """What the worker is told of a unit."""
    written = unit.java_expression is not None or unit.java_body is not None
    return {
        "id": unit.id,
        "java": unit.java,
        "receiver": unit.java_receiver,
        "imports": list(unit.java_imports),
        "package": unit.java_package,
        "expression": unit.java_expression,
        "body": unit.java_body,
        "parameters": [list(one) for one in unit.parameters.items()] if written else None,
        "methods": dict(unit.methods),
        "class_unit": True,
        "isolate": unit.terms.isolate,
        "names": unit.terms.names,
    }
