"""The ways that a call takes through the project's files, by which recorded fixtures are chosen."""

import os
import sys
from typing import Any, Dict, List, Optional, Set, Tuple


class Steps:
    """Notes which steps from line to line of the project's files are taken, in this thread."""

    def __init__(self, sources: List[str]) -> None:
        self.roots = tuple(source + os.sep for source in sources)
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
            self.known[name] = os.path.basename(real) if real.startswith(self.roots) else None
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
