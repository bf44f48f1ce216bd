"""Measures `parity run` beside loops written by hand."""
