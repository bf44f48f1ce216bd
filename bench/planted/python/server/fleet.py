"""Which host takes what."""

from dataclasses import dataclass


class NoRoom(Exception):
    """No host can take a volume."""


@dataclass(frozen=True)
class Host:
    """A host and the load on it."""

    name: str
    zone: str
    load: int


@dataclass(frozen=True)
class Placement:
    """Where a volume goes, and the share of the host that stays free."""

    host: str
    zone: str
    free: float


def ranking(hosts: list[Host]) -> list[str]:
    """Names, the least loaded first, as they came where the load is equal."""
    return [host.name for host in sorted(hosts, key=lambda host: host.load)]


def place(hosts: list[Host], volume: int, capacity: int) -> Placement:
    """Puts a volume on the least loaded host."""
    host = min(hosts, key=lambda host: host.load)
    left = capacity - host.load - volume
    if left < 0:
        raise NoRoom(f"{volume} on {host.name}")
    return Placement(host.name, host.zone, left / capacity)
