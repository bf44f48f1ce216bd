"""What a process is told by its environment."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """Facts of one process. `partners` are the Raft addresses of the other management hosts."""

    role: str
    name: str
    folder: Path
    port: int
    raft_address: str
    partners: tuple[str, ...]
    workers: int
    pauses: bool


def read_settings() -> Settings:
    """Reads `SABLE_*`; ValueError where one is missing or no number."""
    # coupling: environment
    env = {key[6:].lower(): value for key, value in os.environ.items() if key[:6] == "SABLE_"}
    missing = [name for name in ("role", "name", "folder", "port") if not env.get(name)]
    if missing:
        raise ValueError(", ".join(f"SABLE_{name.upper()}" for name in missing) + " not set")
    return Settings(
        role=env["role"],
        name=env["name"],
        folder=Path(env["folder"]),
        port=int(env["port"]),
        raft_address=env.get("raft_address", ""),
        partners=tuple(filter(None, env.get("partners", "").split(","))),
        workers=int(env.get("workers") or 16),
        pauses=env.get("pauses") == "1",
    )
