"""What production was given, out of a bucket or a log group: read, never changed."""

from __future__ import annotations

import gzip
import json
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from parity.aws.client import client, no_extra
from parity.errors import ParityError

PERMISSIONS: Final = ("s3:ListBucket", "s3:GetObject", "logs:FilterLogEvents")
"""All that inputs of production ask an account for, each where it is asked."""

BUCKET: Final = "s3://"
LOGS: Final = "logs:"
MOST_BYTES: Final = 16 << 20
"""An object that is larger is no input of a state machine."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Where inputs are, and how many are wanted of how many hours."""

    place: str
    hours: float = 24.0
    most: int = 200
    region: str | None = None

    @property
    def is_file(self) -> bool:
        """Whether it is neither a bucket nor a log group."""
        return not self.place.startswith((BUCKET, LOGS))


@dataclass(frozen=True, slots=True)
class Found:
    """An input of production, and the name that it is known by."""

    id: str
    line: dict[str, Any]


@dataclass
class Live:
    """The inputs of a place, the newest last, and what was left out of it."""

    asked: Asked
    endpoint: str | None = None
    left_out: int = 0
    calls: list[str] = field(default_factory=list)

    def found(self) -> list[Found]:
        """The newest so many, each once. Raises ParityError where AWS does not answer."""
        place = self.asked.place
        inputs = self._bucket() if place.startswith(BUCKET) else self._logs()
        each = {one.id: one for one in inputs}
        return list(each.values())[-self.asked.most :]

    # ------------------------------------------------------------ a bucket

    def _bucket(self) -> Iterator[Found]:
        bucket, _, prefix = self.asked.place.removeprefix(BUCKET).partition("/")
        since = time.time() - self.asked.hours * 3600
        objects: list[tuple[float, str, int]] = []
        token: dict[str, str] = {}
        while True:
            page = self._ask(
                "s3", "list_objects_v2", "ListBucket", Bucket=bucket, Prefix=prefix, **token
            )
            objects += [
                (one["LastModified"].timestamp(), one["Key"], int(one["Size"]))
                for one in page.get("Contents", [])
                if one["LastModified"].timestamp() >= since
            ]
            if not page.get("NextContinuationToken"):
                break
            token = {"ContinuationToken": page["NextContinuationToken"]}
        for _, key, size in sorted(objects)[-self.asked.most :]:
            if size > MOST_BYTES:
                self.left_out += 1
                continue
            body = self._ask("s3", "get_object", "GetObject", Bucket=bucket, Key=key)["Body"].read()
            yield from self._of_object(key, body)

    def _of_object(self, key: str, data: bytes) -> Iterator[Found]:
        """An object is an input, or a file with one a line."""
        try:
            text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8")
        except (OSError, EOFError, UnicodeDecodeError):
            self.left_out += 1
            return
        whole = _json(text)
        if whole is not None and not _is_line(whole):
            yield Found(key, {"id": key, "input": whole})
            return
        for line in text.splitlines():
            read = _json(line)
            if _is_line(read):
                yield Found(str(read["id"]), {**read, "id": str(read["id"])})
            elif line.strip():
                self.left_out += 1

    # ------------------------------------------------------------ a log group

    def _logs(self) -> Iterator[Found]:
        group = self.asked.place.removeprefix(LOGS)
        since = int((time.time() - self.asked.hours * 3600) * 1000)
        token: dict[str, str] = {}
        while True:
            page = self._ask(
                "logs", "filter_log_events", "FilterLogEvents",
                logGroupName=group, startTime=since, **token,
            )  # fmt: skip
            for event in page["events"]:
                yield from self._of_event(event["message"])
            if not page.get("nextToken"):
                return
            token = {"nextToken": page["nextToken"]}

    def _of_event(self, message: str) -> Iterator[Found]:
        """A start as Step Functions logs it, or a line as a file would have it."""
        read = _json(message)
        if _is_line(read):
            yield Found(str(read["id"]), {**read, "id": str(read["id"])})
        elif isinstance(read, dict) and read.get("type") == "ExecutionStarted":
            name = str(read.get("execution_arn", "")).rpartition(":")[2]
            given = read.get("details", {}).get("input")
            if name and isinstance(given, str):  # without execution data there is none
                yield Found(name, {"id": name, "input": json.loads(given)})
            else:
                self.left_out += 1

    # ------------------------------------------------------------ calls

    def _ask(self, service: str, call: str, permission: str, **given: Any) -> Any:
        try:
            from botocore.exceptions import BotoCoreError, ClientError
        except ImportError:
            raise no_extra() from None
        self.calls.append(f"{service}:{permission}")
        try:
            return getattr(client(service, self.endpoint, self.asked.region), call)(**given)
        except (ClientError, BotoCoreError) as error:
            raise ParityError(
                f"{self.asked.place} cannot be read",
                where=self.endpoint,
                why=str(error),
                next_step=f"check its name, the region, and the permission {service}:{permission}",
            ) from None


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return None


def _is_line(read: Any) -> bool:
    return isinstance(read, dict) and "input" in read and "id" in read
