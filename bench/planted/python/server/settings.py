"""What the operator says."""

MOST_PORTS = 65536


def port(settings: dict[str, str]) -> int:
    """The port to listen on."""
    number = int(settings["port"])
    if not 0 < number < MOST_PORTS:
        raise ValueError(f"there is no port {number}")
    return number


def backoff(attempt: int, base: float = 0.5, most: float = 3600.0) -> float:
    """Seconds to wait before an attempt."""
    return min(base * 2.0**attempt, most)
