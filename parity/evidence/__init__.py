"""What a verdict rests on, and whether it still holds: what is unchanged is not run again.

`Basis` is what is known before anything starts, `take` makes evidence of a result and the traces
of the workers, `save` and `load` keep it in `.parity/evidence`, `stale` says what has changed.
`committed` is the form that goes into the repository.
"""

from parity.evidence import committed
from parity.evidence.against import Base, base
from parity.evidence.basis import Basis
from parity.evidence.holding import holds, stale
from parity.evidence.nouns import Evidence
from parity.evidence.store import forget, load, save
from parity.evidence.taking import take

__all__ = [
    "Base",
    "Basis",
    "Evidence",
    "base",
    "committed",
    "forget",
    "holds",
    "load",
    "save",
    "stale",
    "take",
]
