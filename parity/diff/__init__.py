"""Comparison: strict, typed, ours. Terms relax it by name; nothing else does."""

from parity.diff.judge import Judge
from parity.diff.settle import Tally, settle

__all__ = ["Judge", "Tally", "settle"]
