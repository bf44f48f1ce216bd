"""One function per verb: the only place where the stages meet."""

from parity.pipeline.record import record
from parity.pipeline.run import Options, Progress, quietly, run
from parity.pipeline.shards import Shard, merge
from parity.pipeline.units import Selection, selected_units

__all__ = [
    "Options",
    "Progress",
    "Selection",
    "Shard",
    "merge",
    "quietly",
    "record",
    "run",
    "selected_units",
]
