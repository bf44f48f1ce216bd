"""Which places of the unit's own code a call reaches, fixture by fixture.

What is reached is a number for each place that the code can jump to or go on at; places that an
earlier fixture of this process has reached are not told again.
"""

import os
import sys
import zlib
from types import CodeType, FrameType
from typing import Any, Dict, List, Optional, Set

from .facts import codes_of, is_project_file
from .loading import Subject
from .rooted import is_of_sources

OPCODES = 4_000
LINES = 40_000
"""Events of one call after which lines, then nothing, are looked at."""
EXPRESSIONS = ("<python>", "<python_body>")


class Cover:
    """Notes what is reached while it traces this thread; one line for each fixture."""

    def __init__(self, subject: Subject, sources: List[str]) -> None:
        self.sources = sources
        self.folders = own_folders(subject)
        self.bases: Dict[CodeType, Optional[int]] = {}
        self.known: Set[int] = set()
        self.lines: List[str] = []
        self.hits: Set[int] = set()
        self.events = 0

    def begin(self) -> None:
        """From now on the calls of a fixture are looked at."""
        self.hits = set()
        self.events = 0
        sys.settrace(self._call)

    def end(self) -> None:
        """The fixture is over: writes down what is new, and a sign of all that it reached."""
        sys.settrace(None)
        hits = self.hits
        hits.add(self.events.bit_length())
        new = hits - self.known
        self.known |= new
        sign = zlib.crc32(repr(sorted(hits)).encode("ascii"))
        self.lines.append("%d %s" % (sign, " ".join(map(str, sorted(new)))))

    def write(self, path: str) -> None:
        """Writes the lines to a file that is whole when it is there."""
        with open(path + ".tmp", "w") as file:
            file.write("\n".join(self.lines) + "\n")
        os.replace(path + ".tmp", path)

    def _base(self, code: CodeType) -> Optional[int]:
        """The number that stands for a code object, or None where it is not the unit's own."""
        name = code.co_filename
        if name not in EXPRESSIONS:
            real = os.path.realpath(name)
            if not is_of_sources(real, self.sources) and not real.startswith(self.folders):
                return None
        place = "%s:%d:%s" % (os.path.basename(name), code.co_firstlineno, code.co_name)
        return zlib.crc32(place.encode("utf-8", "surrogatepass")) << 20

    def _call(self, frame: FrameType, event: str, argument: Any) -> Any:
        code = frame.f_code
        try:
            base = self.bases[code]
        except KeyError:
            base = self.bases[code] = self._base(code)
        if base is None or self.events > LINES:
            return None
        if self.events < OPCODES:
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        add = self.hits.add
        add(base)

        def step(frame: FrameType, event: str, argument: Any) -> Any:
            self.events += 1
            if event == "opcode":
                add(base + frame.f_lasti)
                if self.events > OPCODES:
                    frame.f_trace_opcodes = False
                    frame.f_trace_lines = True
            elif event == "line":
                add(base - (frame.f_lineno or 0))
                if self.events > LINES:
                    frame.f_trace_lines = False
                    return None
            elif event == "exception":
                add(base - (1 << 19) - (frame.f_lineno or 0))
            return step

        return step


def own_folders(subject: Subject) -> "tuple[str, ...]":
    """Folders of the packages that a unit calls into, beside the project's sources."""
    files: Set[str] = set()
    code = getattr(subject.target, "__code__", None)
    if code is not None:
        files.add(code.co_filename)
        if code.co_filename in EXPRESSIONS:
            for inner in codes_of(code):
                for name in inner.co_names:
                    found = subject.namespace.get(name)
                    module = sys.modules.get(getattr(found, "__module__", None) or "", found)
                    file = getattr(module, "__file__", None)
                    if isinstance(file, str):
                        files.add(file)
    owner = sys.modules.get(getattr(subject.target, "__module__", None) or "")
    if isinstance(getattr(owner, "__file__", None), str):
        files.add(str(owner.__file__))  # type: ignore[union-attr]
    own = [os.path.realpath(file) for file in files if is_project_file(file)]
    return tuple(sorted({os.path.dirname(file) + os.sep for file in own}))
