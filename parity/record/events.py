"""Events out of logs: JSON lines, and what CloudWatch Logs gives when it is exported."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from parity.errors import ParityError
from parity.values.form import Form, write

STAMPED = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.,]+(?:Z|[+-][0-9:]+)?\s+(?=[{\[])")
"""The time with which each line of an export to S3 begins."""


def read_events(files: Sequence[Path], member: str | None) -> list[Form]:
    """The events of log files, in fixture form and in their order.

    `member` is where an event stands in what was logged, `message.event`; the whole where it is
    None. What is no JSON, or has no such member, is some other line of the log. Raises ParityError
    where a file cannot be read, or where there is no event in any.
    """
    events: list[Form] = []
    lines = 0
    for file in files:
        for logged in _logged(_text(file)):
            lines += 1
            found = _member(logged, member.split(".") if member else [])
            if isinstance(found, dict | list):
                events.append(write(found))
    if not events:
        raise ParityError(
            "there is no event in the log",
            where=", ".join(map(str, files)),
            why=f"{lines} lines were read, and none holds JSON" + _at(member),
            next_step="name the member that holds the event: --event message.event",
        )
    return events


def _at(member: str | None) -> str:
    return f" with a member `{member}`" if member else ""


def _text(file: Path) -> str:
    try:
        data = file.read_bytes()
        return (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ParityError(
            f"{file} cannot be read",
            where=str(file),
            why=str(error),
            next_step="give JSON lines, or an export of CloudWatch Logs, packed with gzip or not",
        ) from None


def _logged(text: str) -> Iterator[Any]:
    """What was logged, one after the other, out of whatever envelope the export puts around it."""
    try:
        document = json.loads(text)
    except ValueError:
        documents = [_line(line) for line in text.splitlines()]
    else:
        documents = document if isinstance(document, list) else [document]
    for document in documents:
        yield from _unwrapped(document)


def _line(text: str) -> Any:
    text = STAMPED.sub("", text.strip(), count=1)
    try:
        return json.loads(text)
    except ValueError:
        start = text.find("{")  # a level, a request id, then what was logged
        try:
            return json.loads(text[start:]) if start > 0 else None
        except ValueError:
            return None


def _unwrapped(document: Any) -> Iterator[Any]:
    """The messages of an envelope of CloudWatch, or the document itself."""
    if not isinstance(document, dict):
        yield document
        return
    for name in ("events", "logEvents"):
        rows = document.get(name)
        if isinstance(rows, list) and all(
            isinstance(row, dict) and "message" in row for row in rows
        ):
            for row in rows:
                yield _line(row["message"]) if isinstance(row["message"], str) else row["message"]
            return
    message = document.get("@message", document.get("message"))
    if {"@message", "timestamp", "ingestionTime"} & set(document) and isinstance(message, str):
        inner = _line(message)
        yield document if inner is None else inner
        return
    yield document


def _member(document: Any, names: Sequence[str]) -> Any:
    for name in names:
        if isinstance(document, str):
            document = _line(document)
        if not isinstance(document, dict) or name not in document:
            return None
        document = document[name]
    return _line(document) if isinstance(document, str) and names else document
