"""The digest of an endpoint's records, and whether a copy equals its source."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any


def digest_records(rows: Iterable[list[Any]]) -> dict[str, Any]:
    """Digest, count and bytes of records `[key, value, seq]`, in the order of their keys' bytes."""
    digest = hashlib.sha256()
    count = size = 0
    for key, value, seq in sorted(rows, key=lambda row: row[0].encode()):
        for part in (key.encode(), b"\0absent" if value is None else value.encode()):
            digest.update(len(part).to_bytes(8, "big") + part)
            size += len(part)
        digest.update(seq.to_bytes(8, "big"))
        count += 1
    return {"digest": digest.hexdigest(), "count": count, "bytes": size}


def compare_copies(source: dict[str, Any], target: dict[str, Any]) -> list[str]:
    """What differs between a source and its copy; nothing when they are equal."""
    differences = []
    for fact in ("count", "bytes", "last_seq", "log_count"):
        left, right = source.get(fact), target.get(fact)
        if left is not None and left != right:
            differences.append(f"{fact}: {left} at the source, {'-' if right is None else right}")
    if not differences and source["digest"] != target["digest"]:
        left, right = source["digest"][:12], target["digest"][:12]
        differences.append(f"digest: {left} at the source, {right}")
    return differences
