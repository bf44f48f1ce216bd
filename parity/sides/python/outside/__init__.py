"""What a unit does to the world through libraries: AWS, SQL and HTTP, seen as calls of ports.

Each module puts something in place of the one function through which its library reaches out. What
is put there asks `crossing` of the running fixture; where there is none, the real thing is done.
"""

import sys
from types import ModuleType
from typing import Any, Callable, Dict, List, Optional, Set, Tuple, cast

from . import aws, http, sql

KINDS = {"aws": aws.SEAMS, "http": http.SEAMS, "sql": sql.SEAMS}
"""What stands in for which module, by the name of the port."""

Crossing = Callable[[str, str, List[Any], Callable[[], Any]], Any]


class Crossings:
    """Who answers what reaches out; None: nobody, and it goes through."""

    sets_defaults = True
    """Whether a region and keys are made up where the program has none."""

    does_real = False
    """Whether the real thing is done, and only noted: while a program is recorded."""

    def __init__(self) -> None:
        self.here: Optional[Crossing] = None
        self.ports: Tuple[str, ...] = ()
        self.installed: Set[str] = set()
        self.done: Dict[str, Any] = {}

    def ask(self, port: str) -> Optional[Crossing]:
        """Who answers calls of a port now."""
        return self.here if port in self.ports else None

    def open(self, ports: Tuple[str, ...], crossing: Crossing) -> None:
        """From now on calls of these ports are answered."""
        self.ports, self.here = ports, crossing

    def close(self) -> None:
        """From now on they go through."""
        self.here = None

    def install(self, ports: Tuple[str, ...]) -> None:
        """Puts what stands in where the modules are, or will be when they are imported."""
        new = [port for port in ports if port not in self.installed]
        if not new:
            return
        if not self.installed:
            sys.meta_path.insert(0, Finder(self))
        self.installed.update(new)
        for port in new:
            for name in KINDS[port]:
                if name in sys.modules:
                    self.loaded(sys.modules[name])

    def seam(self, name: str) -> Any:
        """What stands in for something of a module, or None."""
        found = (KINDS[port].get(name) for port in sorted(self.installed))
        return next((seam for seam in found if seam is not None), None)

    def loaded(self, module: ModuleType) -> None:
        """Puts what stands in into a module, once."""
        seam = self.seam(module.__name__)
        if seam is not None and self.done.get(module.__name__) is not module:
            self.done[module.__name__] = module
            seam(module, self)


class Finder:
    """Tells of modules that something is put into, once they are imported."""

    def __init__(self, crossings: Crossings) -> None:
        self.crossings = crossings

    def find_spec(self, name: str, path: Any = None, target: Any = None) -> Any:
        """The spec that others find, with a loader that tells."""
        if self.crossings.seam(name) is None:
            return None
        for finder in list(sys.meta_path):
            if finder is not self and hasattr(finder, "find_spec"):
                spec: Any = finder.find_spec(name, path, target)
                if spec is not None:
                    loader: Any = spec.loader
                    if loader is not None:
                        spec.loader = cast(Any, Telling(loader, self.crossings))
                    return spec
        return None


class Telling:
    """Another loader, which tells when the module is there."""

    def __init__(self, loader: Any, crossings: Crossings) -> None:
        self._loader = loader
        self._crossings = crossings

    def create_module(self, spec: Any) -> Any:
        """As the other loader does."""
        return self._loader.create_module(spec)

    def exec_module(self, module: Any) -> None:
        """As the other loader does, which then is the module's loader again."""
        module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._crossings.loaded(module)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)


CROSSINGS = Crossings()


def install(told: Any) -> None:
    """Gets ready for the ports of a unit, as the map names them."""
    CROSSINGS.install(tuple(one["port"] for one in told or [] if one["port"] in KINDS))


def error_of(port: str) -> Callable[..., BaseException]:
    """What makes of a recorded error the one that what stands in for a library takes."""

    def made(raised: Any, reader: Any) -> BaseException:
        told: Dict[str, Any] = {"class": raised} if isinstance(raised, str) else raised
        name, message = told["class"], told.get("message") or ""
        if port == "aws":
            status = (told.get("fields") or {}).get("status", 400)
            return aws.AwsError(name, message, status)
        return sql.SqlError(name, message) if port == "sql" else http.HttpError(name, message)

    return made


def told_error(error: BaseException) -> Optional[Dict[str, Any]]:
    """An error of the world as fixtures hold it; None for what is none of its."""
    if isinstance(error, aws.AwsError):
        fields = {"status": error.status}
        return {"class": error.code, "message": str(error), "fields": fields}
    if isinstance(error, sql.SqlError):
        return {"class": error.name, "message": str(error)}
    if isinstance(error, OSError):
        return {"class": http.reason(error), "message": str(error)}
    return None
