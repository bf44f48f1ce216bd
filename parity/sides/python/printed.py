"""What a unit prints, kept from the streams of this process."""

import io
import sys
from typing import Any, Tuple

KEPT = 65536
NOTHING = ("", "")
CLOSED = "(closed by the unit)"


class Sink(io.BytesIO):
    """Takes any number of bytes and keeps the first 64 KiB."""

    def write(self, data: Any) -> int:
        """Keeps what there is room for; says that it took all."""
        view = memoryview(data).cast("B")
        if self.tell() < KEPT:
            super().write(view[:KEPT])
        return len(view)


class Printed:
    """Stands in for both output streams; the same pair for all calls of a process."""

    def __init__(self) -> None:
        self._renew()

    def install(self) -> None:
        """From here on the subject prints to this."""
        sys.stdout, sys.stderr = self.out, self.err

    def take(self) -> Tuple[str, str]:
        """What was printed since the last time; the streams are installed again."""
        if sys.stdout is not self.out or sys.stderr is not self.err:
            self.install()
        try:
            printed = self.sinks[0].getvalue() or self.sinks[1].getvalue()
            # Reading `buffer` raises for a stream that the unit has detached.
            if not printed and self.out.buffer and self.err.buffer:
                return NOTHING
        except ValueError:
            pass
        texts = text_of(self.sinks[0]), text_of(self.sinks[1])
        try:
            for stream, sink in zip((self.out, self.err), self.sinks):
                stream.flush()
                sink.seek(0)
                sink.truncate()
        except ValueError:
            self._renew()
            self.install()
        return texts

    def _renew(self) -> None:
        self.sinks = Sink(), Sink()
        self.out, self.err = stream(self.sinks[0]), stream(self.sinks[1])


def stream(sink: Sink) -> Any:
    """A text stream with a `buffer`, as programs expect of standard output."""
    return io.TextIOWrapper(sink, "utf-8", "surrogatepass", newline="", write_through=True)


def text_of(sink: Sink) -> str:
    """What was printed to a stream, cut at 64 KiB."""
    try:
        data = sink.getvalue()
    except ValueError:
        return CLOSED
    return str(data[:KEPT].decode("utf-8", "backslashreplace"))
