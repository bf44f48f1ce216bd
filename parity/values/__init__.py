"""Typed values: the fixture form of a Python value, its canonical text, and its reading."""
