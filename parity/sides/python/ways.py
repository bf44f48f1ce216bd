"""The ways that a call takes through the project's files, by which recorded fixtures are chosen."""

import os
import sys
from typing import Any, Dict, List, Optional, Set, Tuple

from .rooted import is_of_sources


class Steps:
    """Notes which steps from line to line of the project's files are taken, in this thread."""

    def __init__(self, sources: List[str]) -> None:
        self.sources = sources
        self.taken: Set[Tuple[str, int, int]] = set()
        self.known: Dict[str, Optional[str]] = {}

    def __enter__(self) -> "Steps":
        sys.settrace(self._call)
        return self

    def __exit__(self, *_: Any) -> None:
        sys.settrace(None)

    def _call(self, frame: Any, event: str, argument: Any) -> Any:
        name = frame.f_code.co_filename
        if name not in self.known:
            real = os.path.realpath(name)
            self.known[name] = os.path.basename(real) if is_of_sources(real, self.sources) else None
        file = self.known[name]
        if file is None:
            return None
        last = [-frame.f_code.co_firstlineno]

        def step(frame: Any, event: str, argument: Any) -> Any:
            if event != "exception":
                line = frame.f_lineno if event == "line" else -frame.f_code.co_firstlineno
                self.taken.add((file, last[0], line))
                last[0] = frame.f_lineno
            return step

        return step
