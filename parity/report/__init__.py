"""Renders reports; everything in them was decided before.

What people read is in `text` and `recording`, which are imported where something is printed: rich
takes longer to import than a run in which nothing changed.
"""
