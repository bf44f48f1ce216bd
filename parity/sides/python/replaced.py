"""Functions of the interpreter's own modules, put back where a call has replaced them.

Whether a module has changed at all is seen by the version of its dictionary, which CPython counts:
one look at one number. An interpreter that does not count gets nothing put back.
"""

import functools
import sys
from types import ModuleType
from typing import Any, Dict, List, Optional

VERSION = object.__basicsize__ + 8
"""Where a dictionary's version is: after what all objects have, and the number of its entries."""


class Functions:
    """The functions and classes of a module, as they are now.

    Something of it has changed where `counter[0]` is not `version`.
    """

    def __init__(self, module: ModuleType) -> None:
        self.names: Dict[str, Any] = vars(module)
        self.kept = {name: value for name, value in self.names.items() if callable(value)}
        self.counted = counts()
        counted: Any = counter(self.names) if self.counted else [0]
        self.counter = counted
        self.version = counted[0]

    def restore(self) -> None:
        """Puts back what is another one now."""
        if self.counted and self.counter[0] == self.version:
            return
        for name, value in self.kept.items():
            if self.names.get(name) is not value:
                self.names[name] = value
        self.version = self.counter[0]


def functions_of(*names: str) -> List[Functions]:
    """Those of each module that is imported."""
    modules = [sys.modules.get(name) for name in names]
    return [Functions(module) for module in modules if type(module) is ModuleType]


@functools.lru_cache(maxsize=None)
def counts() -> bool:
    """Whether this interpreter counts the versions of a dictionary where that is looked for."""
    tried: Dict[str, Any] = {"one": 1}
    seen = counter(tried)
    if seen is None:
        return False
    before = seen[0]
    tried["one"] = 2
    between = seen[0]
    tried["two"] = 2
    return bool(before < between < seen[0])


def counter(names: Dict[str, Any]) -> Optional[Any]:
    """The memory where the version of a dictionary is counted, if it is."""
    if sys.implementation.name != "cpython":
        return None
    try:
        import ctypes
    except ImportError:
        return None
    place = (ctypes.c_uint64 * 1).from_address(id(names) + VERSION)
    return memoryview(place).cast("B").cast("Q")
