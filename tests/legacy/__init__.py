"""Tests of the legacy server."""
