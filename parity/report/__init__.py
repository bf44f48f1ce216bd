"""Renders reports; everything in them was decided before.

What people read is in `text` and `recording`, which are imported where something is printed: rich
takes longer to import than a run in which nothing changed.
"""

from parity.report.advice import next_command
from parity.report.document import run_document

__all__ = ["next_command", "run_document"]
