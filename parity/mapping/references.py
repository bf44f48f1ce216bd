"""The parts of a counterpart as the map writes it: `com.example.Prices#total(List,double)`."""

from __future__ import annotations


def class_of(java: str) -> str:
    """The class."""
    return java.partition("#")[0].strip()


def method_of(java: str) -> str | None:
    """The method's name; None where the class itself is the counterpart."""
    _, hash_, rest = java.partition("#")
    return rest.partition("(")[0].strip() if hash_ else None


def types_of(java: str) -> list[str] | None:
    """The types of its parameters; None where none are written."""
    _, bracket, inside = java.partition("(")
    if not bracket:
        return None
    inside = inside.rpartition(")")[0].strip()
    types: list[str] = []
    depth = 0
    for part in inside.split(",") if inside else []:
        if depth:
            types[-1] += f",{part}"
        else:
            types.append(part)
        depth += part.count("<") - part.count(">")
    return types
