"""Finds the units of a project, what they do and what ties them together, by reading only."""

from parity.scan.scanning import Gathered, ScanOptions, gather, scan

__all__ = ["Gathered", "ScanOptions", "gather", "scan"]
