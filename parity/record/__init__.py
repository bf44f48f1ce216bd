"""Recording: watches mapped units while a program works, and keeps what they were given."""

from parity.record.events import read_events
from parity.record.session import Keeping, record, record_events, record_files
from parity.record.standalone import standalone

__all__ = ["Keeping", "read_events", "record", "record_events", "record_files", "standalone"]
