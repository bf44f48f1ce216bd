"""Running both sides on the same fixtures."""

from parity.run.binding import JavaCall
from parity.run.engine import Again, Engine, Packing, Piece, Source, folder_of, in_parallel
from parity.run.lane import Lane, Observed
from parity.run.requests import java_call
from parity.run.sides import LoadedUnit

__all__ = [
    "Again",
    "Engine",
    "JavaCall",
    "Lane",
    "LoadedUnit",
    "Observed",
    "Packing",
    "Piece",
    "Source",
    "folder_of",
    "in_parallel",
    "java_call",
]
