"""Recording: watches mapped units while a program works, and keeps what they were given."""

from parity.record.session import record

__all__ = ["record"]
