"""Events are read out of logs, whatever envelope an export puts around them."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from parity.errors import ParityError
from parity.record.events import read_events

EVENTS: list[Any] = [{"id": 1, "path": "/a"}, {"id": 2, "body": {"x": [1.5, None]}}]
LOGGED = [json.dumps(event) for event in EVENTS]
STAMPED = [f"2026-11-26T10:00:0{n}.123Z {text}" for n, text in enumerate(LOGGED)]
NOISE = ["START RequestId: 5 Version: $LATEST", "", "REPORT RequestId: 5\tDuration: 3 ms"]
ROWS = [{"timestamp": 1, "message": text + "\n", "ingestionTime": 2} for text in [*NOISE, *LOGGED]]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(LOGGED),
        "\n".join([*NOISE, *STAMPED]),
        "\n".join(f"[INFO]\t2026-11-26T10:00:00.1Z\t5\t{text}" for text in LOGGED),
        json.dumps(EVENTS),
        json.dumps({"events": ROWS, "nextForwardToken": "f/1"}),
        json.dumps({"messageType": "DATA_MESSAGE", "logGroup": "/aws/x", "logEvents": ROWS}),
        "\n".join(json.dumps({"@message": text, "timestamp": "1"}) for text in LOGGED),
    ],
    ids=["lines", "export", "runtime", "array", "get-log-events", "subscription", "insights"],
)
def test_events_are_found(tmp_path: Path, text: str) -> None:
    file = tmp_path / "log"
    file.write_text(text, "utf-8")
    assert read_events([file], None) == EVENTS
    file.write_bytes(gzip.compress(text.encode()))
    assert read_events([file], None) == EVENTS


def test_an_event_is_taken_from_where_it_stands(tmp_path: Path) -> None:
    file = tmp_path / "log"
    lines = [{"level": "INFO", "message": {"event": event}} for event in EVENTS]
    lines += [{"level": "INFO", "message": "done"}]
    file.write_text("\n".join(map(json.dumps, lines)), "utf-8")
    assert read_events([file], "message.event") == EVENTS
    texts = [{"level": "INFO", "event": text} for text in LOGGED]
    file.write_text("\n".join(map(json.dumps, texts)), "utf-8")
    assert read_events([file], "event") == EVENTS


def test_a_log_without_events_is_told(tmp_path: Path) -> None:
    file = tmp_path / "log"
    file.write_text("\n".join(NOISE), "utf-8")
    with pytest.raises(ParityError, match="there is no event in the log"):
        read_events([file], None)
    file.write_bytes(b"\xff\xfe")
    with pytest.raises(ParityError, match="cannot be read"):
        read_events([file], None)
