"""What the fixtures of a unit are worth: the mutants they catch, the branches they reach."""

from parity.strength.bound import bound_of
from parity.strength.explained import Line, explained
from parity.strength.fewest import fewest
from parity.strength.found import Found, found_of
from parity.strength.kept import keep, kept
from parity.strength.pythonways import python_branches
from parity.strength.striking import Catches, Strike, Striking

__all__ = [
    "Catches",
    "Found",
    "Line",
    "Strike",
    "Striking",
    "bound_of",
    "explained",
    "fewest",
    "found_of",
    "keep",
    "kept",
    "python_branches",
]
