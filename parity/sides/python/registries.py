"""What the standard library keeps for the whole process, put back after a call.

Tables, hooks and settings of modules that are imported: one that is not costs nothing.
"""

import _codecs
import sys
from types import ModuleType
from typing import Any, Callable, Container, Dict, List, Optional, Set, Tuple

from .replaced import UNCOUNTED, Contents

TABLES = {
    "copyreg": ("dispatch_table", "_extension_registry", "_inverted_registry"),
    "_csv": ("_dialects",),
    "email.charset": ("CHARSETS", "ALIASES", "CODEC_MAP"),
    "encodings.aliases": ("aliases",),
    "logging": ("_levelToName", "_nameToLevel"),
    "shutil": ("_ARCHIVE_FORMATS", "_UNPACK_FORMATS"),
    "sqlite3": ("adapters", "converters"),
    "webbrowser": ("_browsers",),
    "xml.etree.ElementTree": ("_namespace_map",),
}
SETTINGS: Dict[str, Tuple[str, ...]] = {
    "gettext": ("_current_domain",),
    "logging": ("raiseExceptions", "lastResort", "_loggerClass", "_logRecordFactory"),
    "os": ("environ",),
    "sys": ("stdin",),
    "threading": ("excepthook", "_trace_hook", "_profile_hook"),
    "urllib.request": ("_opener",),
}
"""What is no function or class and is put back like one."""


def registries(named: Container[str], stays: Callable[[], bool]) -> List[Any]:
    """What is to be looked at after each call, as things are now.

    Of what each interpreter has loaded, only where it is `named`: nobody pays for the rest. Where
    `stays` says so, entries of tables are how things are from then on.
    """
    found: List[Any] = []
    here = [name for name in (*TABLES, *KINDS) if name not in BARE or name in named]
    for name in dict.fromkeys(here):
        module = sys.modules.get(name)
        held = [getattr(module, table, None) for table in TABLES.get(name, ())]
        found += [Contents(table, stays) for table in held if type(table) is dict]
        if name in KINDS and type(module) is ModuleType:
            found.append(KINDS[name](module))
    return found


BARE = frozenset(sys.modules)
"""What was loaded before anything of the project."""


class Looked:
    """What has no version: it is looked at each time."""

    counter = UNCOUNTED
    version = -1


class Policy(Looked):
    """Which event loops are made, and whether one may be asked for that nobody has made."""

    def __init__(self, events: Any) -> None:
        self.events = events
        self.kept = events._event_loop_policy
        self.state = state_of(self.kept)

    def restore(self) -> None:
        """Puts back the policy and its loop; the usual one may make a loop, and keep that."""
        policy = self.events._event_loop_policy
        if policy is None and self.kept is None:
            return
        state = state_of(policy)
        if policy is self.kept and state == self.state:
            return
        gives = state == UNASKED or (state[0] is not None and not state[0].is_closed())
        is_as_made = self.state == UNASKED and (self.kept is None or policy is self.kept)
        if gives and is_as_made and is_usual(policy):
            return
        self.events._event_loop_policy = self.kept
        local = getattr(self.kept, "_local", None)
        if local is not None:
            loop, asked = self.state
            gone = loop is not None and loop.is_closed()
            local._loop, local._set_called = UNASKED if gone else (loop, asked)


UNASKED: Tuple[Any, bool] = (None, False)


def state_of(policy: Any) -> Tuple[Any, bool]:
    """The loop of a policy in this thread, and whether anybody has set one, be it none."""
    local = getattr(policy, "_local", None)
    return getattr(local, "_loop", None), getattr(local, "_set_called", False)


def is_usual(policy: Any) -> bool:
    """Whether a policy is of the kind that is made where nobody has set one."""
    asyncio = sys.modules.get("asyncio")
    usual = getattr(asyncio, "DefaultEventLoopPolicy", None)
    return type(policy) is (usual or getattr(asyncio, "_DefaultEventLoopPolicy", None))


class Context(Looked):
    """The values of context variables."""

    def __init__(self, contextvars: Any) -> None:
        self.copy = contextvars.copy_context
        self.kept = self.copy()
        self.entered: Any = None

    def restore(self) -> None:
        """Goes on in a copy of the context that was, where this one is another."""
        if self.copy() == self.kept:
            return
        try:
            import ctypes
        except ImportError:
            return
        if sys.implementation.name != "cpython":
            return
        enter, leave = ctypes.pythonapi.PyContext_Enter, ctypes.pythonapi.PyContext_Exit
        if self.entered is not None:
            leave(ctypes.py_object(self.entered))
        self.entered = self.kept.copy()
        enter(ctypes.py_object(self.entered))


class FieldSize(Looked):
    """How long a field may be that `csv` reads."""

    def __init__(self, csv: Any) -> None:
        self.limit = csv.field_size_limit
        self.kept = self.limit()

    def restore(self) -> None:
        """Puts back the limit."""
        if self.limit() != self.kept:
            self.limit(self.kept)


class FileTypes(Looked):
    """What `mimetypes` knows by now: once it has read its files, that is their contents."""

    def __init__(self, mimetypes: Any) -> None:
        self.mimetypes = mimetypes
        self.kept: Optional[List[Dict[Any, Any]]] = None
        if mimetypes._db is not None:
            self.kept = [dict(table) for table in self._tables()]

    def _tables(self) -> List[Dict[str, Any]]:
        known = self.mimetypes._db
        return [*known.types_map, *known.types_map_inv, known.encodings_map, known.suffix_map]

    def restore(self) -> None:
        """Puts back what the files say, or what was known when the project was loaded."""
        if self.mimetypes._db is None:
            return
        if self.kept is None:
            self.mimetypes.inited, self.mimetypes._db = False, None
            self.mimetypes.init()
            self.kept = [dict(table) for table in self._tables()]
            return
        tables = self._tables()
        if list(map(len, tables)) != list(map(len, self.kept)) or tables[1] != self.kept[1]:
            for table, kept in zip(tables, self.kept):
                table.clear()
                table.update(kept)


KINDS: Dict[str, Callable[[Any], Any]] = {
    "asyncio.events": Policy,
    "contextvars": Context,
    "_csv": FieldSize,
    "mimetypes": FileTypes,
}


class Codecs:
    """Searches and error handlers that were registered since they were last taken out."""

    def __init__(self) -> None:
        self.searches: List[Any] = []
        self.handlers: Dict[str, Any] = {}

    def note(self, name: str, args: Tuple[Any, ...]) -> None:
        """To be called before a function of `codecs` is."""
        if name == "register" and args:
            self.searches.append(args[0])
        elif name == "register_error" and args and args[0] not in self.handlers:
            try:
                self.handlers[args[0]] = _codecs.lookup_error(args[0])
            except (LookupError, TypeError):
                pass  # a new one is in nobody's way, and cannot be taken out

    def forget(self) -> None:
        """What was registered by now is how things are."""
        self.searches, self.handlers = [], {}

    def restore(self) -> None:
        """Takes out what was registered."""
        for search in self.searches:
            getattr(_codecs, "unregister", id)(search)  # from 3.10 on
        for name, handler in self.handlers.items():
            _codecs.register_error(name, handler)
        self.forget()


CODECS = Codecs()


class Logs:
    """How loggers and handlers are set, as they are now.

    Their attributes are set by a method of theirs, which tells of it: nothing is looked at where
    nobody did.
    """

    SET = ("level", "propagate", "disabled", "formatter")
    LISTS = ("handlers", "filters")

    def __init__(
        self, logging: Any, touched: Callable[[], None], stays: Callable[[], bool]
    ) -> None:
        """Where `stays` says so, what was set is how things are from then on."""
        self.logging = logging
        self.stays = stays
        watch_logs(logging, touched)
        CHANGED.clear()
        named = [one for one in self._manager().loggerDict.values() if hasattr(one, "handlers")]
        handlers = [reference() for reference in getattr(logging, "_handlerList", ())]
        self.kept = {
            id(one): (one, self._state(one))
            for one in (logging.root, *named, *handlers)
            if one is not None
        }
        self.root = logging.root.handlers
        self.of_root = list(self.root)

    def _manager(self) -> Any:
        return self.logging.Logger.manager

    def _state(self, one: Any) -> List[Tuple[str, Any]]:
        held = vars(one)
        state = [(name, held[name]) for name in self.SET if name in held]
        return state + [(name, list(held[name])) for name in self.LISTS if name in held]

    def restore(self) -> None:
        """Puts back what was set; a logger that is new is as it was made."""
        another = False
        changed = [*CHANGED.values(), self.logging.root]
        CHANGED.clear()
        if self.stays():
            self.kept.update((id(one), (one, self._state(one))) for one in changed)
            self.root, self.of_root = self.logging.root.handlers, list(self.logging.root.handlers)
            return
        for one in changed:
            _, state = self.kept.get(id(one), (None, None))
            if state is None and isinstance(one, self.logging.Logger):
                state = NEW
            another = self._put_back(one, state or []) or another
        self.root = self.logging.root.handlers
        if another:
            self._manager()._clear_cache()

    @staticmethod
    def _put_back(one: Any, state: List[Tuple[str, Any]]) -> bool:
        held, another = vars(one), False
        for name, value in state:
            now = held.get(name)
            if now is value or (type(value) is list and now == value):
                continue
            another = True
            held[name] = list(value) if type(value) is list else value
        return another


NEW: List[Tuple[str, Any]] = [
    ("level", 0),
    ("propagate", True),
    ("disabled", False),
    ("handlers", []),
    ("filters", []),
]
CHANGED: Dict[int, Any] = {}
"""Loggers and handlers of which something was set since they were last put back, by identity."""
WATCHED: Set[str] = set()


def watch_logs(logging: Any, touched: Callable[[], None]) -> None:
    """Lets loggers and handlers tell when they are set."""
    if WATCHED:
        return
    WATCHED.add("logging")

    def setting(original: Any) -> Any:
        def __setattr__(one: Any, name: str, value: Any) -> None:  # noqa: N807 - its name
            original(one, name, value)
            CHANGED[id(one)] = one
            touched()

        return __setattr__

    def changing(original: Any) -> Any:
        def changed(one: Any, what: Any) -> None:
            original(one, what)
            CHANGED[id(one)] = one
            touched()

        changed.__name__, changed.__doc__ = original.__name__, original.__doc__
        return changed

    for kind in (logging.Logger, logging.Handler):
        kind.__setattr__ = setting(kind.__setattr__)
    for kind, names in (
        (logging.Logger, ("addHandler", "removeHandler")),
        (logging.Filterer, ("addFilter", "removeFilter")),
    ):
        for name in names:
            setattr(kind, name, changing(getattr(kind, name)))
