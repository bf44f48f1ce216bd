"""What was mapped and proven at each commit, from git: committed evidence and maps."""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from parity.config import Config
from parity.counterparts import Point
from parity.evidence.against import blobs, git, top_of
from parity.evidence.committed import evidence_folder, is_of_more
from parity.remembered import write_quietly

VERDICT: Final = re.compile(rb'^ ?"verdict": "(\w+)"', re.MULTILINE)
UNIT: Final = re.compile(rb'^\s*\[\s*unit\s*\.\s*(?:"[^"\n]*"|\'[^\'\n]*\')\s*\]', re.MULTILINE)
PROVEN: Final = (b"matched", b"allowed")


def burndown(config: Config) -> tuple[Point, ...]:
    """A point for each commit that touched evidence or a map, the oldest first."""
    top = top_of(config)
    places = [_inside(top, evidence_folder(config))]
    places += [_inside(top, file) for file in config.map_files()]
    told = git(
        top, "log", "--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames",
        "-z", "--format=%x01%H %ct", "--", *places,
    )  # fmt: skip
    commits = [_changes(one) for one in told.split(b"\x01")[1:]]
    wanted = {blob for _, _, changes in commits for _, blob in changes if blob.strip(b"0")}
    known = _known(config, top, wanted)
    evidence = f"{places[0]}/".encode()
    proven: set[bytes] = set()
    mapped: dict[bytes, int] = {}
    points: list[Point] = []
    for commit, seconds, changes in reversed(commits):
        for path, blob in changes:
            value = known.get(blob.decode(), 0)
            if path.startswith(evidence):
                if is_of_more(path.removeprefix(evidence).decode("utf-8", "replace")):
                    continue
                (proven.add if value else proven.discard)(path)
            elif blob.strip(b"0"):
                mapped[path] = value
            else:
                mapped.pop(path, None)
        day = datetime.datetime.fromtimestamp(seconds, datetime.UTC).date().isoformat()
        points.append(Point(commit, day, sum(mapped.values()), len(proven)))
    return tuple(points)


def _changes(told: bytes) -> tuple[str, int, list[tuple[bytes, bytes]]]:
    """A commit, its time, and what it left at each path: `(path, blob)`."""
    head, _, rest = told.partition(b"\0")
    commit, _, seconds = head.partition(b" ")
    fields = [one for one in rest.split(b"\0") if one.strip()]
    changes = [
        (path, about.split()[3])
        for about, path in zip(fields[::2], fields[1::2], strict=False)
        if about.lstrip().startswith(b":")
    ]
    return commit.decode(), int(seconds or 0), changes


def _known(config: Config, top: Path, wanted: Iterable[bytes]) -> Mapping[str, int]:
    """Of each blob: whether it proves its unit (1), or how many units its map has."""
    place = config.private / "cache" / "history.json"
    kept = _kept(place)
    missing = [blob for blob in sorted(wanted) if blob.decode() not in kept]
    for blob, data in zip(missing, blobs(top, missing), strict=True):
        kept[blob.decode()] = _value(data)
    if missing:
        write_quietly(place, json.dumps({"history": 1, "blobs": kept}, separators=(",", ":")))
    return kept


def _value(data: bytes) -> int:
    verdict = VERDICT.search(data) if b'"evidence": ' in data else None
    if verdict is not None:
        return int(verdict[1] in PROVEN)
    return len(UNIT.findall(data))


def _kept(place: Path) -> dict[str, Any]:
    try:
        kept = json.loads(place.read_bytes())
        return dict(kept["blobs"]) if kept["history"] == 1 else {}
    except (OSError, ValueError, LookupError, TypeError):
        return {}


def _inside(top: Path, path: Path) -> str:
    return path.resolve().relative_to(top).as_posix()
