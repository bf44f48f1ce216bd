"""What moto does over and over, done once or not at all; nothing that it answers is another."""

from __future__ import annotations

import copy
import threading
from functools import lru_cache
from importlib import import_module
from types import SimpleNamespace
from typing import Any, Final

INTERPRETER: Final = "moto.stepfunctions.parser.asl"
COPYING: Final = (
    "component.common.path.result_path",
    "component.common.string.string_expression",
    "component.state.exec.execute_state",
    "component.state.exec.state_map.state_map",
    "component.state.exec.state_parallel.state_parallel",
    "component.state.exec.state_task.service.state_task_service",
    "eval.environment",
    "eval.event.event_manager",
    "eval.states",
)
"""Modules of the interpreter that copy documents, deeply."""

PATHS: Final = ("component.common.path.result_path", "utils.json_path")
"""Modules of the interpreter that parse paths."""

PLAIN: Final = frozenset((str, int, float, bool, type(None)))


def take_shortcuts() -> None:
    """Has moto work less."""
    _remember_paths()
    _remember_methods()
    _copy_documents_as_what_they_are()
    _copy_less_for_a_transaction()


def _remember_paths() -> None:
    """The interpreter builds a parser, and parses a path, whenever it comes by one."""
    for name in PATHS:
        module: Any = import_module(f"{INTERPRETER}.{name}")
        module.parse = lru_cache(4096)(module.parse)


def _remember_methods() -> None:
    """Each call of an API looks through all members of the class that answers it."""
    from moto.core import responses

    core: Any = responses
    core.method_names_from_class = lru_cache(None)(core.method_names_from_class)


def _copy_documents_as_what_they_are() -> None:
    """What states hand on is JSON: `deepcopy` asks of each text in it how it wants to be copied."""
    for name in COPYING:
        module: Any = import_module(f"{INTERPRETER}.{name}")
        module.copy = SimpleNamespace(copy=copy.copy, deepcopy=copied)


def copied(value: Any, *memo: Any) -> Any:
    """A copy of a document that shares nothing with it that can change."""
    kind = type(value)
    if kind in PLAIN:
        return value
    if kind is dict:
        return {key: copied(one) for key, one in value.items()}
    if kind is list:
        return [copied(one) for one in value]
    return copy.deepcopy(value, *memo)


def _copy_less_for_a_transaction() -> None:
    """Moto copies a whole table, deeply, for each item of a transaction, to be able to undo it.

    Items are replaced by Put and Delete, never changed: there the table's dictionaries will do.
    """
    from moto.dynamodb import models
    from moto.dynamodb.models.table import Table

    write = models.DynamoDBBackend.transact_write_items
    now = threading.local()

    def transact_write_items(self: Any, transact_items: Any, *more: Any, **named: Any) -> Any:
        now.replaces = not any("Update" in one for one in transact_items)
        try:
            return write(self, transact_items, *more, **named)
        finally:
            now.replaces = False

    def copied_table(value: Any, *more: Any) -> Any:
        if not (getattr(now, "replaces", False) and isinstance(value, Table)):
            return copy.deepcopy(value, *more)
        if value.stream_shard is not None:
            return copy.deepcopy(value, *more)
        table = copy.copy(value)
        table.items = copy.copy(value.items)
        if value.has_range_key:
            for key, items in value.items.items():
                table.items[key] = dict(items)
        return table

    models.DynamoDBBackend.transact_write_items = transact_write_items
    models.copy = SimpleNamespace(copy=copy.copy, deepcopy=copied_table)
