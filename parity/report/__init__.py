"""Renders reports; everything in them was decided before."""

from parity.report.document import run_document
from parity.report.text import print_comparison, print_run

__all__ = ["print_comparison", "print_run", "run_document"]
