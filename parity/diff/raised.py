"""Which Java exception stands for which Python one."""

from __future__ import annotations

from parity.mapping.raised import STANDARD, core_name, simple_name
from parity.model import Raised, Terms

__all__ = ["STANDARD", "core_name", "line_to_add", "simple_name", "stand_for"]


def stand_for(python: Raised, java: Raised, terms: Terms) -> bool:
    """Whether the two exceptions are the same on these terms."""
    for name, java_name in terms.raises.items():
        if name in (python.kind, simple_name(python.kind)):
            return java_name in (java.kind, simple_name(java.kind))
    if java.kind in STANDARD.get(python.kind, ()):
        return True
    return core_name(python.kind) == core_name(java.kind)


def line_to_add(python: Raised, java: Raised) -> str:
    """The term that would accept this pair."""
    return f'raises = {{ "{simple_name(python.kind)}" = "{java.kind}" }}'
