"""Running both sides on the same fixtures."""

from parity.run.sides import LoadedUnit, Pair, Sides

__all__ = ["LoadedUnit", "Pair", "Sides"]
