"""Work that waits."""


def drain(queue: list[str], limit: int) -> list[str]:
    """Takes the first tasks out of the queue."""
    taken = queue[:limit]
    del queue[:limit]
    return taken


def unique(names: list[str]) -> list[str]:
    """Each name once, where it came first."""
    return list(dict.fromkeys(names))


def timeline(ours: list[int], theirs: list[int]) -> list[int]:
    """All moments of two logs in order."""
    return sorted(ours + theirs)


def batches(items: list[str], size: int) -> list[list[str]]:
    """The items in batches; the last may be smaller."""
    if size < 1:
        raise ValueError(f"batches of {size}")
    return [items[start : start + size] for start in range(0, len(items), size)]
