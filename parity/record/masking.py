"""How a recording is masked: the key of the project, and the check that nothing has leaked."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from parity.config import Config
from parity.errors import ParityError
from parity.record.hook._parity_mask import Masker

KEY_NAME = "PARITY_MASK_KEY"


def mask_plan(config: Config) -> dict[str, Any]:
    """What the recorded processes are told of masking: its terms and its key."""
    return asdict(config.table.mask) | {"key": _key(config).hex()}


def masker_of(plan: Mapping[str, Any]) -> Masker:
    """What masks and checks as the recorded processes do."""
    return Masker(dict(plan), bytes.fromhex(plan["key"]))


def _key(config: Config) -> bytes:
    """The key of the project: of the environment, or one that was made here once."""
    if os.environ.get(KEY_NAME):
        return hashlib.sha256(os.environ[KEY_NAME].encode("utf-8", "surrogateescape")).digest()
    file = config.private / "mask.key"
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_key(file)
    key = secrets.token_bytes(32)
    with os.fdopen(descriptor, "w", encoding="ascii") as opened:
        opened.write(key.hex() + "\n")
    return key


def _kept_key(file: Path) -> bytes:
    try:
        key = bytes.fromhex(file.read_text("ascii"))
    except ValueError:
        key = b""
    if len(key) != 32:
        raise ParityError(
            "the key that masks recordings cannot be read",
            where=str(file),
            why="it does not hold 64 hexadecimal digits",
            next_step=f"delete it for a new one, whose tokens are others; or set {KEY_NAME}",
        )
    return key


def refuse_leaks(masker: Masker, file: Path, ids: Collection[str], hidden: Collection[str]) -> None:
    """Raises ParityError where a line that was just written holds what has been masked elsewhere.

    It reads the file as it stands on disk, and knows nothing of how that came about.
    """
    found = [number for number, line in _lines_of(file, ids) if masker.leaks(line, set(hidden))]
    if found:
        raise ParityError(
            f"{len(found)} recorded fixtures hold what was to be masked",
            where=f"{file}, line {found[0]}",
            why="a value that has a token elsewhere stands there as it is",
            next_step="the file is as it was before; name what it is in `fields` of [mask], "
            "and record again",
        )


def _lines_of(file: Path, ids: Collection[str]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(file.read_text("utf-8").splitlines(), 1):
        if line.strip():
            document = json.loads(line)
            if document.pop("id", None) in ids:  # a name made of a hash is nobody's secret
                yield number, document
