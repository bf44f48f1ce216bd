"""Where an endpoint's blocks go: a few sums, run for every write."""


def place(endpoint: str, change: int, copies: int) -> dict:
    """The slot of a change of so many bytes, which is negative where an endpoint shrinks."""
    block = change // 4096
    return {
        "endpoint": endpoint,
        "slot": block % 1024,
        "blocks": block * copies,
        "rest": change % 4096,
    }
