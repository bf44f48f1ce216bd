"""What a unit's behaviour rests on: modules, files, names of the environment, and what is beyond.

Everything is noted from before the project is loaded on: while modules are imported, for the module
whose code runs; while fixtures run, for their batch. A trace is what a unit can reach of it.
"""

import builtins
import contextlib
import functools
import importlib
import importlib.util
import json
import os
import stat
import sys
from types import FrameType
from typing import Any, Callable, Dict, Iterable, Iterator, List, Optional, Sequence, Set, Tuple

from .graft import StandIn
from .rooted import INSTALLED
from .surroundings import AUDITED, audited

HERE = os.path.dirname(os.path.abspath(__file__)) + os.sep
STDLIB = os.path.dirname(os.path.realpath(os.__file__)) + os.sep
FROZEN = "<frozen importlib"
UNIT = "unit:"
EXPRESSION = "parity_expression"
BEYOND = {
    "subprocess.Popen": "subprocess",
    "os.system": "subprocess",
    "os.exec": "subprocess",
    "os.posix_spawn": "subprocess",
    "os.spawn": "subprocess",
    "os.fork": "subprocess",
    "os.forkpty": "subprocess",
    "pty.spawn": "subprocess",
    "socket.connect": "socket",
    "socket.bind": "socket",
    "socket.sendto": "socket",
    "socket.sendmsg": "socket",
    "socket.getaddrinfo": "socket",
    "socket.gethostbyname": "socket",
    "socket.gethostbyaddr": "socket",
    "ctypes.dlopen": "ctypes",
    "ctypes.dlsym": "ctypes",
    "sqlite3.connect": "sqlite3",
}
LOOKING = ("os.listdir", "os.scandir")
os_stat, os_lstat, os_access = os.stat, os.lstat, os.access


class Facts:
    """What was touched: by one module while it was imported, or by one batch."""

    def __init__(self) -> None:
        self.files: Set[str] = set()
        self.absent: Set[str] = set()
        self.folders: Set[str] = set()
        self.env: Set[str] = set()
        self.beyond: Set[str] = set()
        self.code: Set[str] = set()
        self.written: Set[str] = set()

    def merge(self, others: Dict[str, Iterable[str]]) -> None:
        """Adds what others touched."""
        for name, values in others.items():
            getattr(self, name).update(values)


class Tracer:
    """Listens to the interpreter."""

    def __init__(self) -> None:
        self.on = False
        self.edges: Dict[str, Set[str]] = {}
        self.imports = 0
        self.by_module: Dict[str, Facts] = {}
        self.batch: Optional[Facts] = None
        self.unit = ""
        self.elsewhere: Dict[str, str] = {}  # modules that only copies of this process loaded
        self.seen: Set[Tuple[Any, ...]] = set()
        self.prepared: Tuple[str, int, str] = ("", 0, "")
        """A unit, how many imports were known, and its trace if nothing else is noted."""
        self.handlers: Dict[str, Callable[[str, Tuple[Any, ...]], None]] = {
            "open": self._open,
            "import": self._import,
        }
        self.handlers.update(dict.fromkeys(BEYOND, self._beyond))
        self.handlers.update(dict.fromkeys(LOOKING, self._folder))

    def install(self) -> None:
        """Starts to listen, for as long as this process lives."""
        handlers = self.handlers

        def audit(event: str, args: Tuple[Any, ...]) -> None:
            handler = handlers.get(event)
            if handler is not None:
                if self.on:
                    handler(event, args)
            elif event in AUDITED:
                audited(event, args)

        sys.addaudithook(audit)
        self._replace_import()
        self._replace_stat()
        trace_environment(self)

    @contextlib.contextmanager
    def loading(self, unit: str) -> Iterator[None]:
        """Notes for modules, and for this unit where no module runs."""
        self.unit, self.on, self.prepared = unit, True, ("", 0, "")
        try:
            yield
        finally:
            self.on = False

    @contextlib.contextmanager
    def running(self, unit: str) -> Iterator[None]:
        """Notes for a batch."""
        self.unit, self.batch, self.on = unit, Facts(), True
        try:
            yield
        finally:
            self.on = False

    @contextlib.contextmanager
    def paused(self) -> Iterator[None]:
        """Notes nothing: the worker is at work."""
        was, self.on = self.on, False
        try:
            yield
        finally:
            self.on = was

    def facts(self) -> Facts:
        """Where to note something now."""
        if self.batch is not None:
            return self.batch
        frame: Optional[FrameType] = sys._getframe(1)
        name = UNIT + self.unit
        while frame is not None:
            code = frame.f_code
            if code.co_name == "<module>" and not code.co_filename.startswith(HERE):
                name = importer_of(frame.f_globals) or name
                break
            frame = frame.f_back
        return self.by_module.setdefault(name, Facts())

    # -- what is listened to

    def _open(self, event: str, args: Tuple[Any, ...]) -> None:
        path, _, flags = args
        if not isinstance(path, (str, bytes)):
            return
        caller = sys._getframe(2)
        full = absolute(path)
        if reads_code(caller):
            self.facts().code.add(source_of(full))
            return
        if reads_lines(caller) or full == os.devnull:
            return
        facts = self.facts()
        here = exists(full)
        if flags & (os.O_WRONLY | os.O_RDWR) and (flags & os.O_TRUNC or not here):
            facts.written.add(full)
        elif full not in facts.written:
            (facts.files if here else facts.absent).add(full)

    def _folder(self, event: str, args: Tuple[Any, ...]) -> None:
        path = args[0] if args else None
        caller = sys._getframe(2)
        if caller.f_code.co_filename.startswith(FROZEN) or isinstance(path, int):
            return
        full = absolute(path or ".")
        if full not in self.facts().written:
            self.facts().folders.add(full)

    def _beyond(self, event: str, args: Tuple[Any, ...]) -> None:
        word = BEYOND[event]
        if event == "ctypes.dlopen" and (not args or args[0] is None):
            return  # the interpreter itself, which `import ctypes` opens
        if event == "sqlite3.connect" and args and args[0] in (":memory:", b":memory:"):
            return
        self.facts().beyond.add(word)

    def _import(self, event: str, args: Tuple[Any, ...]) -> None:
        frame: Optional[FrameType] = sys._getframe(2)
        while frame is not None and is_machinery(frame):
            frame = frame.f_back
        if frame is not None:
            self.imported(importer_of(frame.f_globals), args[0])

    def imported(self, importer: Optional[str], name: str) -> None:
        """Notes that one module imported another one, and with it the packages around that."""
        if importer is None:
            return
        targets = self.edges.setdefault(importer, set())
        targets.add(name)
        self.imports += 1
        while "." in name:
            name = name.rpartition(".")[0]
            targets.add(name)

    def looked_for(self, name: Optional[str], importer: Dict[str, Any]) -> None:
        """Notes a module that is not there: where it would have been found."""
        if self.on and name is not None:
            with self.paused():
                self._look_for(name, importer)

    def _look_for(self, name: str, importer: Dict[str, Any]) -> None:
        if is_stdlib(str(importer.get("__file__", ""))):
            return
        parent, _, last = name.rpartition(".")
        around = sys.modules.get(parent) if parent else None
        places = getattr(around, "__path__", ()) if parent else sys.path
        absent = self.facts().absent
        for place in places:
            base = os.path.join(absolute(place), last)
            if not is_stdlib(base):
                absent.update(path for path in (base, base + ".py") if not exists(path))

    def _replace_import(self) -> None:
        original = builtins.__import__
        seen = self.seen

        def imported(
            name: str,
            globals: Any = None,  # noqa: A002 - its name
            locals: Any = None,  # noqa: A002
            fromlist: Any = (),
            level: int = 0,
        ) -> Any:
            try:
                module = original(name, globals, locals, fromlist, level)
            except ModuleNotFoundError as error:
                self.looked_for(error.name, globals or {})
                raise
            if globals is None or not self.on:
                return module
            key = (globals.get("__name__"), id(globals), name, fromlist, level)
            try:
                if key in seen:
                    return module
                seen.add(key)
            except TypeError:
                pass  # a list of names
            self._statement(globals, name, fromlist or (), level)
            return module

        imported.__name__ = imported.__qualname__ = "__import__"
        imported.__doc__ = original.__doc__
        builtins.__import__ = imported
        import_module = importlib.import_module

        def imported_module(name: str, package: Optional[str] = None) -> Any:
            try:
                module = import_module(name, package)
            except ModuleNotFoundError as error:
                self.looked_for(error.name, sys._getframe(1).f_globals)
                raise
            if self.on:
                found = getattr(module, "__name__", name)
                self.imported(importer_of(sys._getframe(1).f_globals), found)
            return module

        imported_module.__name__ = imported_module.__qualname__ = "import_module"
        imported_module.__module__ = "importlib"
        imported_module.__doc__ = import_module.__doc__
        importlib.import_module = imported_module

    def _statement(self, space: Dict[str, Any], name: str, fromlist: Any, level: int) -> None:
        importer = importer_of(space)
        if level:
            package = space.get("__package__") or package_of(space)
            base = package.rsplit(".", level - 1)[0]
            name = base + "." + name if name else base
        self.imported(importer, name)
        names = list(fromlist)
        if "*" in names:
            names += list(getattr(sys.modules.get(name), "__all__", ()))
        around = getattr(sys.modules.get(name), "__dict__", {})
        for one in names:
            inner = "%s.%s" % (name, one)
            if inner in sys.modules:
                self.imported(importer, inner)
            elif one not in around:
                self.looked_for(inner, space)

    def _replace_stat(self) -> None:
        def looked(path: Any, found: Optional[int]) -> None:
            if not self.on or not isinstance(path, (str, bytes, os.PathLike)):
                return
            if reads_lines(sys._getframe(2)):
                return
            full = absolute(os.fspath(path))
            facts = self.facts()
            if full in facts.written:
                return
            if found is None:
                facts.absent.add(full)
            elif stat.S_ISREG(found):
                facts.files.add(full)

        def looking(original: Callable[..., Any]) -> Callable[..., Any]:
            def stat(path: Any, *args: Any, **kwargs: Any) -> Any:
                try:
                    result = original(path, *args, **kwargs)
                except (FileNotFoundError, NotADirectoryError):
                    looked(path, None)
                    raise
                looked(path, result.st_mode)
                return result

            return stat

        def access(path: Any, mode: int, **kwargs: Any) -> bool:
            allowed = os_access(path, mode, **kwargs)
            looked(path, None if not allowed and not exists(path) else stat.S_IFREG)
            return allowed

        for original, call in (
            (os_stat, looking(os_stat)),
            (os_lstat, looking(os_lstat)),
            (os_access, access),
        ):
            made: Any = StandIn(original, call)
            setattr(os, original.__name__, made)
            for supporting in (os.supports_dir_fd, os.supports_fd, os.supports_follow_symlinks):
                if original in supporting:
                    supporting.add(made)
            if original in os.supports_effective_ids:
                os.supports_effective_ids.add(made)

    # -- what comes of it

    def noted(self) -> Dict[str, Any]:
        """What this batch noted, for the process that it was forked from."""
        assert self.batch is not None
        facts = {name: sorted(values) for name, values in vars(self.batch).items()}
        edges = {name: sorted(to) for name, to in self.edges.items()}
        return {"edges": edges, "facts": facts, "modules": dict(files_of_modules(sys.modules))}

    def merge(self, noted: Dict[str, Any]) -> None:
        """Takes over what a copy of this process noted."""
        assert self.batch is not None
        self.batch.merge(noted["facts"])
        self.elsewhere.update(noted["modules"])
        self.imports += 1
        for name, targets in noted["edges"].items():
            self.edges.setdefault(name, set()).update(targets)

    def trace(self, unit: str, left: Iterable[str]) -> Dict[str, Any]:
        """All that the unit's behaviour rests on, as far as it was noted."""
        reached = self._reached(UNIT + unit)
        files_by_name = {**self.elsewhere, **dict(files_of_modules(reached))}
        modules = {
            name: file
            for name, file in files_by_name.items()
            if name in reached and not is_stdlib(file) and not file.startswith(HERE)
        }
        whole = Facts()
        for name in reached:
            if name in self.by_module:
                whole.merge(vars(self.by_module[name]))
        if self.batch is not None:
            whole.merge(vars(self.batch))
        code = whole.code.difference(files_by_name.values())
        if code:
            code = code.difference(file for _, file in files_of_modules(sys.modules))
        files = (whole.files - whole.written) | code
        edges = {name: self.edges.get(name, set()) & modules.keys() for name in reached}
        imports = {name: sorted(targets) for name, targets in edges.items() if targets}
        return {
            "modules": dict(sorted(modules.items())),
            "imports": dict(sorted(imports.items())),
            "files": sorted(file for file in files if exists(file) and not is_stdlib(file)),
            "absent": sorted(whole.absent - whole.written),
            "folders": sorted(whole.folders - whole.written),
            "env": sorted(whole.env),
            "beyond": sorted(whole.beyond),
            "left": sorted(left),
        }

    def prepare(self, unit: str) -> None:
        """Has the trace of a unit ready for the copies of this process, as far as loading tells."""
        if self.prepared[:2] != (unit, self.imports):
            self.prepared = unit, self.imports, json.dumps(self.trace(unit, ()))

    def told(self, unit: str, left: Sequence[str]) -> str:
        """The trace of a unit as JSON, after a batch that has left these threads."""
        quiet = not left and self.batch is not None and not any(vars(self.batch).values())
        if quiet and self.prepared[:2] == (unit, self.imports):
            return self.prepared[2]
        return json.dumps(self.trace(unit, left))

    def _reached(self, root: str) -> Set[str]:
        reached: Set[str] = set()
        ahead: List[str] = [root]
        while ahead:
            name = ahead.pop()
            if name in reached:
                continue
            reached.add(name)
            ahead.extend(self.edges.get(name, ()))
            if "." in name and not name.startswith(UNIT):
                ahead.append(name.rpartition(".")[0])
        return reached


def importer_of(space: Dict[str, Any]) -> Optional[str]:
    """The module whose names these are, or the unit whose expression has them."""
    name = space.get("__name__")
    if name == EXPRESSION and "__parity_unit__" in space:
        return UNIT + str(space["__parity_unit__"])
    return name if isinstance(name, str) else None


def package_of(space: Dict[str, Any]) -> str:
    """The package that relative imports start from."""
    name = str(space.get("__name__") or "")
    return name if "__path__" in space else name.rpartition(".")[0]


def is_machinery(frame: FrameType) -> bool:
    """Whether a frame imports for another one."""
    name = frame.f_code.co_filename
    return name.startswith((FROZEN, HERE)) or frame.f_globals.get("__name__") == "importlib"


def reads_code(frame: FrameType) -> bool:
    """Whether a frame reads a module that is being imported, not a file as data."""
    if not frame.f_code.co_filename.startswith(FROZEN):
        return False
    back = frame.f_back
    return back is None or back.f_code.co_filename.startswith(FROZEN)


def reads_lines(frame: FrameType) -> bool:
    """Whether a frame looks up source lines to print them."""
    seen: Optional[FrameType] = frame
    for _ in range(3):
        if seen is None:
            return False
        if seen.f_globals.get("__name__") == "linecache":
            return True
        seen = seen.f_back
    return False


def absolute(path: Any) -> str:
    """A path without its way from the working directory."""
    text = os.fsdecode(path)
    try:
        return os.path.abspath(text)
    except OSError:
        return text  # there is no working directory any more


def exists(path: Any) -> bool:
    """Whether there is something, without anybody noticing that it was asked."""
    try:
        os_stat(path)
    except (OSError, ValueError):
        return False
    return True


def source_of(path: str) -> str:
    """The source of a compiled file, or the file itself."""
    if not path.endswith(".pyc"):
        return path
    try:
        return importlib.util.source_from_cache(path)
    except (NotImplementedError, ValueError):
        return path


def files_of_modules(names: Iterable[str]) -> Iterator[Tuple[str, str]]:
    """Names and files of those modules that are loaded."""
    for name in list(names):
        file = getattr(sys.modules.get(name), "__file__", None)
        if isinstance(file, str):
            yield name, source_at(file)


@functools.lru_cache(maxsize=None)
def source_at(file: str) -> str:
    """Where the source of a module is, from where the process was when it was first asked."""
    return absolute(source_of(file))


@functools.lru_cache(maxsize=None)
def is_stdlib(path: str) -> bool:
    """Whether a file belongs to the interpreter, whose version says all about it."""
    real = os.path.realpath(path)
    return real.startswith(STDLIB) and not any(one in real for one in INSTALLED)


def trace_environment(tracer: Tracer) -> None:
    """Notes the names that are read from the environment."""
    plain: Any = type(os.environ)

    class _Environ(plain):  # type: ignore[misc]
        def __getitem__(self, key: Any) -> Any:
            if tracer.on and isinstance(key, (str, bytes)):
                tracer.facts().env.add(os.fsdecode(key))
            return plain.__getitem__(self, key)

    _Environ.__module__, _Environ.__qualname__ = plain.__module__, plain.__qualname__
    for environment in (os.environ, getattr(os, "environb", None)):
        if environment is not None:
            environment.__class__ = _Environ


TRACER = Tracer()
