"""Times and what samples say of them."""

from datetime import datetime, timedelta


def window(start: datetime, minutes: int) -> dict:
    """A window of maintenance."""
    return {"start": start, "end": start + timedelta(minutes=minutes)}


def drift(samples: list[float]) -> float:
    """By how much a clock fell behind from the first to the last sample."""
    return -(samples[-1] - samples[0])
