"""Names of one language in the other's fashion."""

from __future__ import annotations


def camel_case(name: str) -> str:
    """`target_host` as `targetHost`."""
    head, *rest = name.strip("_").split("_")
    return head + pascal_case("_".join(rest))


def pascal_case(name: str) -> str:
    """`target_host` as `TargetHost`."""
    return "".join(word[:1].upper() + word[1:] for word in name.split("_"))
