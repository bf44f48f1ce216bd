"""What the project's sources name of modules that are not its own, read from their text.

A module that the project imports may get other functions; a dotted name that it assigns to
(`ssl._create_default_https_context = …`) is an attribute of something that all fixtures share.
Read by pattern, not parsed: what it takes counts each time a worker starts.
"""

import contextlib
import functools
import os
import re
import sys
from types import ModuleType
from typing import (
    Any,
    Callable,
    ContextManager,
    Dict,
    Iterable,
    Iterator,
    List,
    NamedTuple,
    Optional,
    Set,
    Tuple,
)

IMPORT = re.compile(r"(?:^|[;:])[ \t]*import[ \t]+([\w., \t]+)", re.M)
FROM = re.compile(r"(?:^|[;:])[ \t]*from[ \t]+([\w.]+)[ \t]+import[ \t]*(\([^)]*\)|[^\n;#]+)", re.M)
ASSIGNED = re.compile(
    r"(?:^|[;:=])[ \t]*(?:del[ \t]+)?([A-Za-z_]\w*(?:\.\w+)+)[ \t]*"
    r"(?:[-+*/|&^@%]|//|\*\*)?(?==(?!=)|;|$)",
    re.M,
)
SET = re.compile(r"\bsetattr\([ \t\n]*([A-Za-z_][\w.]*)[ \t]*,[ \t]*[\"'](\w+)[\"']")
OWN = ("self.", "cls.")
UNNAMED = re.compile(r"\b(?:setattr|delattr|vars|__dict__|\w*(?<!dis)patch\w*)\b")


class Named(NamedTuple):
    """What a text names: modules it imports, what its names stand for, what it assigns to.

    `more` says that it may set what it does not name: by `setattr`, or a patch of anybody's.
    """

    modules: List[str]
    names: Dict[str, str]
    assigned: List[str]
    more: bool = False


def named_in(text: str) -> Named:
    """What the text of a module, or of a unit in the map, names."""
    modules: List[str] = []
    names: Dict[str, str] = {}
    for found in IMPORT.findall(text):
        for module, name in _each(found):
            modules.append(module)
            if name != module:
                names[name] = module
    for base, found in FROM.findall(text):
        for member, name in _each(found.strip("()")):
            modules += [base, base + "." + member]
            names[name] = base + "." + member
    chains = {one for one in ASSIGNED.findall(text) if not one.startswith(OWN)}
    chains.update("%s.%s" % pair for pair in SET.findall(text) if pair[0] not in ("self", "cls"))
    return Named(modules, names, sorted(chains), UNNAMED.search(text) is not None)


def _each(listed: str) -> Iterator[Tuple[str, str]]:
    """The parts of a list of imports, each with the name that it gets."""
    for part in listed.split(","):
        words = part.split("#")[0].split()
        if words:
            yield words[0], words[2] if len(words) == 3 and words[1] == "as" else words[0]


class Project:
    """The modules of the project that are loaded, and what they name of others."""

    def __init__(
        self,
        sources: Iterable[str] = (),
        texts: Iterable[str] = (),
        unnoticed: Callable[[], ContextManager[None]] = contextlib.nullcontext,
    ) -> None:
        """`texts` are sources of units that stand in the map; what is read is `unnoticed`."""
        self.unnoticed = unnoticed
        self.roots = tuple(os.path.realpath(one) + os.sep for one in sources)
        self.texts = [named_in(text) for text in texts]
        self.known: Dict[str, Optional[Named]] = {}

    def modules(self) -> List[ModuleType]:
        """Those of the project's own modules that are loaded."""
        return [module for module, _ in self._own() if module is not None]

    def foreign(self) -> List[str]:
        """The names of loaded modules that are not its own, and that it imports."""
        found: Set[str] = set()
        for _, named in self._own():
            found.update(named.modules)
        return sorted(name for name in found if name in sys.modules and not self._is_own(name))

    def sets_more(self) -> bool:
        """Whether it may replace functions of modules without naming them."""
        return any(named.more for _, named in self._own())

    def assigned(self) -> List[Tuple[Any, str]]:
        """Modules and classes that are not its own, each with an attribute that it assigns to."""
        found: Dict[Tuple[int, str], Tuple[Any, str]] = {}
        for module, named in self._own():
            space = vars(module) if module is not None else {}
            for chain in named.assigned:
                path, _, name = chain.rpartition(".")
                owner = resolved(path, space, named.names)
                if has_names(owner) and not self._is_own(home_of(owner)):
                    found[id(owner), name] = (owner, name)
        return list(found.values())

    def _own(self) -> List[Tuple[Any, Named]]:
        found: List[Tuple[Any, Named]] = [(None, named) for named in self.texts]
        for name, module in list(sys.modules.items()):
            if name not in self.known:
                with self.unnoticed():
                    self.known[name] = self._read(module)
            named = self.known[name]
            if named is not None:
                found.append((module, named))
        return found

    def _read(self, module: Any) -> Optional[Named]:
        # What stands for a module need not be one, and may do anything when it is asked.
        file = vars(module).get("__file__") if issubclass(type(module), ModuleType) else None
        if not isinstance(file, str) or not place_of(os.path.dirname(file)).startswith(self.roots):
            return None
        try:
            with open(file, encoding="utf-8", errors="replace") as source:
                return named_in(source.read())
        except OSError:
            return named_in("")

    def _is_own(self, name: str) -> bool:
        return self.known.get(name) is not None or name not in sys.modules


@functools.lru_cache(maxsize=None)
def place_of(folder: str) -> str:
    """Where a folder is, links followed: many modules share one."""
    return os.path.realpath(folder) + os.sep


def has_names(value: Any) -> bool:
    """Whether it is a module or a class. What stands for something else is not asked: it may do
    anything then, or have nothing to stand for yet."""
    return issubclass(type(value), (type, ModuleType))


def home_of(owner: Any) -> str:
    """The name of the module that a module is, or that a class is from."""
    name = owner.__name__ if issubclass(type(owner), ModuleType) else owner.__module__
    return name if isinstance(name, str) else ""


def resolved(path: str, space: Dict[str, Any], names: Dict[str, str]) -> Any:
    """What a dotted name stands for, looked up without running a line of anybody's."""
    first, *rest = path.split(".")
    if first in space:
        return _part_of(space[first], rest)
    if first in names:
        return _from_module(names[first].split(".") + rest)
    return _part_of(sys.modules.get(first), rest)


def _from_module(parts: List[str]) -> Any:
    """What a dotted name stands for that begins with the name of a module."""
    for end in range(len(parts), 0, -1):
        module = sys.modules.get(".".join(parts[:end]))
        if module is not None:
            return _part_of(module, parts[end:])
    return None


def _part_of(value: Any, parts: List[str]) -> Any:
    for part in parts:
        if not has_names(value):
            return None
        value = vars(value).get(part)
    return value
