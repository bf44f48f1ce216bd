"""Compares three ways to run a workflow, by a model that has no number of its own."""
