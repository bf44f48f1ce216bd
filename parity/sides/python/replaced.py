"""What modules and classes that are not the project's own hold, put back where a call changed it.

Whether a module has changed at all is seen by the version of its dictionary, which CPython counts:
one look at one number. In an interpreter that does not count, functions are not put back, and the
little that the project assigns to by name is looked at itself; without ctypes, where a frozen clock
stands under the names of the real one, nothing of it is put back.
"""

import functools
import gc
import sys
from types import ModuleType
from typing import Any, Callable, Dict, Iterable, List, Mapping, Optional, Tuple

VERSION = object.__basicsize__ + 8
"""Where a dictionary's version is: after what all objects have, and the number of its entries."""


MISSING: Any = object()
UNCOUNTED = [0]
NOTHING: Mapping[str, Tuple[str, ...]] = {}


class Functions:
    """The functions and classes of a module and some more of it, as they are now.

    Something of it has changed where `counter[0]` is not `version`.
    """

    def __init__(
        self,
        module: ModuleType,
        stays: Optional[Callable[[], bool]] = None,
        more: Iterable[str] = (),
    ) -> None:
        """Where `stays` says so, what was replaced is how things are from then on."""
        self.names: Dict[str, Any] = vars(module)
        self.stays = stays
        self.more = more
        self.counted = counts()
        counted: Any = counter(self.names) if self.counted else UNCOUNTED
        self.counter = counted
        self._keep()

    def _keep(self) -> None:
        self.kept = {name: value for name, value in self.names.items() if callable(value)}
        self.kept.update((name, self.names[name]) for name in self.more if name in self.names)
        self.version = self.counter[0]

    def restore(self) -> None:
        """Puts back what is another one now."""
        if self.counted and self.counter[0] == self.version:
            return
        other = [name for name, value in self.kept.items() if self.names.get(name) is not value]
        if other and self.stays is not None and self.stays():
            self._keep()
            return
        for name in other:
            self.names[name] = self.kept[name]
        self.version = self.counter[0]


class Attributes:
    """What some names of a module or class stand for now, or that it has none of them."""

    def __init__(self, owner: Any, names: Iterable[str], stays: Callable[[], bool]) -> None:
        self.owner = owner
        self.stays = stays
        self.counted = counts()
        self.names = names_of(owner)
        counted: Any = counter(self.names) if self.counted else UNCOUNTED
        self.counter = counted
        self._keep(names)

    def _keep(self, names: Iterable[str]) -> None:
        self.kept = {name: self.names.get(name, MISSING) for name in names}
        self.version = self.counter[0] if self.counted else -1

    def restore(self) -> None:
        """Puts back what is another one now."""
        other = [
            name for name, value in self.kept.items() if self.names.get(name, MISSING) is not value
        ]
        if other and self.stays():
            self._keep(self.kept)
            return
        for name in other:
            self._put_back(name, self.kept[name])
        if self.counted:
            self.version = self.counter[0]

    def _put_back(self, name: str, value: Any) -> None:
        try:
            if value is MISSING:
                delattr(self.owner, name)
            else:
                setattr(self.owner, name, value)
        except Exception:
            pass  # the class of a class may refuse it in any way


class Contents:
    """What a table of the standard library holds now."""

    def __init__(self, table: Dict[Any, Any], stays: Callable[[], bool]) -> None:
        self.table = table
        self.stays = stays
        self.counted = counts()
        counted: Any = counter(table) if self.counted else UNCOUNTED
        self.counter = counted
        self.kept = dict(table)
        self.version = self.counter[0] if self.counted else -1

    def restore(self) -> None:
        """Puts back what is another entry now."""
        if self.table != self.kept:
            if self.stays():
                self.kept = dict(self.table)
            self.table.clear()
            self.table.update(self.kept)
        if self.counted:
            self.version = self.counter[0]


class Flags:
    """What of the project's modules, classes and their instances holds nothing yet.

    None, False, 0, what is empty, a cache of a function. Where one of them holds something, the
    project may remember by it what it has set up, and would not set that up once more.
    """

    def __init__(self, modules: Iterable[ModuleType]) -> None:
        self.unset: List[Tuple[Dict[Any, Any], Any]] = []
        for module in modules:
            self._take(vars(module))
            for value in list(vars(module).values()):
                self._look_into(value, module.__name__)

    def _look_into(self, value: Any, home: str) -> None:
        kind = type(value)  # what it says that it is may be asked of nobody yet
        if issubclass(kind, type):
            if value.__module__ == home:
                self._take(names_of(value))
        elif kind is dict and len(value) <= FEW:
            self._take(value)
        elif kind.__module__ == home:
            self._take(attributes_held(value))

    def _take(self, names: Dict[Any, Any]) -> None:
        for name, value in list(names.items()):
            if type(name) is str and not holds(value) and not name.startswith("__"):
                self.unset.append((names, name))

    def is_any_set(self) -> bool:
        """Whether one of them holds something by now."""
        return any(holds(names.get(name)) for names, name in self.unset)


def attributes_held(value: Any) -> Dict[str, Any]:
    """The attributes of an instance, past whatever its class would say of them."""
    try:
        held: Any = object.__getattribute__(value, "__dict__")
    except Exception:
        return {}
    found: Dict[str, Any] = held if type(held) is dict else {}
    return found


FEW = 64  # entries of a table that may be one of flags
PLAIN = (type(None), bool, int, float, str, bytes, list, dict, set, tuple, frozenset)
CACHING = type(functools.lru_cache(maxsize=1)(len))


def holds(value: Any) -> bool:
    """Whether something is not nothing; no line of the project's is run to know that."""
    if type(value) is CACHING:
        return bool(value.cache_info().currsize)
    return bool(value) if type(value) in PLAIN else True


def names_of(owner: Any) -> Dict[str, Any]:
    """The dictionary of a module, or that of a class, which it shows through a proxy only."""
    shown: Any = vars(owner)
    if type(shown) is not dict:
        (shown,) = gc.get_referents(shown)
    names: Dict[str, Any] = shown
    return names


def functions_of(
    *names: str,
    stays: Optional[Callable[[], bool]] = None,
    more: Mapping[str, Tuple[str, ...]] = NOTHING,
) -> List[Functions]:
    """Those of each module that is imported, and `more` of some; none where nobody counts."""
    if not counts():
        return []
    modules = [(sys.modules.get(name), more.get(name, ())) for name in names]
    return [Functions(one, stays, some) for one, some in modules if type(one) is ModuleType]


def attributes_of(pairs: Iterable[Tuple[Any, str]], stays: Callable[[], bool]) -> List[Attributes]:
    """What these names of these modules and classes stand for."""
    if counter({}) is None:
        return []
    by_owner: Dict[int, Tuple[Any, List[str]]] = {}
    for owner, name in pairs:
        by_owner.setdefault(id(owner), (owner, []))[1].append(name)
    return [Attributes(owner, names, stays) for owner, names in by_owner.values()]


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
