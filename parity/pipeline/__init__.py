"""One function per verb: the only place where the stages meet."""

from parity.pipeline.executor import Dask, run_on_dask
from parity.pipeline.java_sources import JavaSources
from parity.pipeline.progress import Progress, Unwatched
from parity.pipeline.record import record, record_from, record_from_events, write_standalone
from parity.pipeline.run import Options, run
from parity.pipeline.scan import Scanned, scan
from parity.pipeline.shards import Shard, merge
from parity.pipeline.strength import Strength, strength
from parity.pipeline.units import Selection, fixture_ids, selected_units
from parity.pipeline.watch import Watched, watch

__all__ = [
    "Dask",
    "JavaSources",
    "Options",
    "Progress",
    "Scanned",
    "Selection",
    "Shard",
    "Strength",
    "Unwatched",
    "Watched",
    "fixture_ids",
    "merge",
    "record",
    "record_from",
    "record_from_events",
    "run",
    "run_on_dask",
    "scan",
    "selected_units",
    "strength",
    "watch",
    "write_standalone",
]
