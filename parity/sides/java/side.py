"""The java side as the supervisor sees it."""

from __future__ import annotations

import glob
import subprocess
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.model import Unit
from parity.sides.java.archive import begin_archive
from parity.sides.java.flags import base_flags
from parity.sides.java.home import harness_jar
from parity.sides.java.process import MEMORY, java_process
from parity.sides.java.types import wire_table
from parity.sides.worker import Worker


def java_worker(
    config: Config,
    home: Path,
    entries: Callable[[], Sequence[Path]],
    *,
    salt: int,
    fixtures: int = 0,
    max_items: int = 10_000,
    stop: threading.Event | None = None,
    cover: bool = False,
) -> Worker:
    """A worker with a JVM in it; `salt` (0 or 1) turns the order of `Set.of` around.

    `fixtures` is about how many there will be; the class path is asked for when the JVM is up.
    `stop` is set by whoever ends the run before the worker is killed; with `cover`, classes get
    probes that tell which branches are reached.
    """
    cache = config.private / "cache" / "expressions"

    def hello() -> dict[str, Any]:
        cache.mkdir(parents=True, exist_ok=True)
        return {
            "op": "hello",
            "classpath": [str(entry.resolve()) for entry in entries()],
            "salt": salt,
            "types": wire_table(),
            "cache": str(cache),
            "max_items": max_items,
            "cover": cover,
        }

    needs = f"the JVM of {home} has to start: see `home` and `jvm_args` in [java]"
    return Worker(
        "java",
        lambda: java_process(config, home, fixtures),
        hello,
        needs,
        stop,
        reloads=True,
    )


def begin_class_archive(
    config: Config, home: Path, fixtures: int
) -> subprocess.Popen[bytes] | None:
    """Starts making the archive of classes that such a worker lacks; None where none is lacking."""
    flags = base_flags(home, config.table.java.jvm_args, fixtures, MEMORY)
    return begin_archive(home, harness_jar(), flags)


def unit_entries(unit: Unit, root: Path) -> list[Path]:
    """What a unit puts before the class path; a pattern stands for what it finds."""
    found: list[Path] = []
    for entry in unit.java_classpath:
        path = str(root / entry)
        names = sorted(glob.glob(path, recursive=True)) if glob.has_magic(path) else [path]
        found += [Path(name) for name in names or [path]]
    return found


def java_unit(unit: Unit, root: Path = Path()) -> dict[str, Any]:
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
        "isolate": unit.terms.isolate is not None,
        "classpath": [str(entry) for entry in unit_entries(unit, root)],
        "names": unit.terms.names,
        "ports": [
            {
                "port": port.id,
                "java": port.java,
                "methods": dict(port.methods),
                "names": port.names,
                "name": port.java_name,
            }
            for port in unit.ports
        ],
    }
