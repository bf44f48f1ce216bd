"""The table of what code outside of the project does: the one that ships, and a project's own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from parity.config import read_bytes, read_toml
from parity.errors import ConfigError, Problem, did_you_mean
from parity.scan.gathering import SHIPPED
from parity.scanned import LADDER

CLASS_OF: Final[Mapping[str, str]] = {
    "pure": "pure",
    "stateful": "stateful", "log": "stateful", "lock": "stateful", "global": "stateful",
    "self": "stateful", "argument": "stateful",
    "clock": "seedable", "random": "seedable", "env": "seedable",
    "file": "port", "console": "port", "network": "port", "db": "port", "process": "port",
    "thread": "port",
    "dynamic": "opaque", "unknown": "opaque",
}  # fmt: skip
"""What each kind of effect makes of a unit that has it."""
DATA: Final = frozenset(
    name for kind in (str, bytes, list, dict, int) for name in dir(kind) if not name.startswith("_")
) - frozenset(
    "get copy pop update insert remove index count clear find append extend setdefault".split()
)
"""Methods that only values have: whoever has one of these is no connection and no file."""
OF_TEXTS: Final = DATA & frozenset(dir(str)) - frozenset(dir(list)) - frozenset(
    "split rsplit splitlines partition rpartition encode".split()
)
"""Methods of which most give a text, and none anything but a plain value."""
OF_BYTES: Final = frozenset(
    "decrypt digest encrypt finalize getvalue private_bytes public_bytes recv tobytes".split()
)
"""Methods that give bytes, or a text, whoever has them."""
OF_ANYTHING: Final = frozenset(
    f"builtins.{kind}().{name}"
    for kind, names in (("dict", "get pop setdefault values items popitem"), ("list", "pop"))
    for name in names.split()
)
"""What gives something that was put into a container, whatever that is."""
IO: Final = frozenset(kind for kind, klass in CLASS_OF.items() if klass == "port")
TABLES: Final = (
    "effects", "methods", "likely", "returns", "same", "also", "hands", "fields", "protocols"
)  # fmt: skip
FIELDS: Final = frozenset("any class default dict instance itself list same".split())
"""What a call that declares an attribute says of it: see the shipped tables."""
SHOWS: Final = "exc_info"
WITH_TRACEBACK: Final = "logging.exception"
FAILURES: Final = ("Error", "Exception", "Warning")


@dataclass(slots=True)
class Effects:
    """What names stand for; `kind_of` knows the longest entry that a name begins with.

    Of the packages that are scanned, `own`, no table speaks: what is not seen there is unknown.
    `entry_points` are those that the project declares, by their group.
    """

    kinds: dict[str, str] = field(default_factory=dict)
    methods: dict[str, str] = field(default_factory=dict)
    likely: dict[str, str] = field(default_factory=dict)
    returns: dict[str, str] = field(default_factory=dict)
    same: dict[str, str] = field(default_factory=dict)
    also: dict[str, str] = field(default_factory=dict)
    hands: dict[str, str] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    protocols: dict[str, str] = field(default_factory=dict)
    own: frozenset[str] = frozenset()
    entry_points: Mapping[str, Sequence[str]] = field(default_factory=dict)
    _known: dict[str, str] = field(default_factory=dict)
    _ways: set[str] = field(default_factory=set)
    _declaring: frozenset[str] | None = None

    def kind_of(self, name: str) -> str:
        """The kind of effect of a name outside of the project; `unknown` where none is listed."""
        found = self._known.get(name)
        if found is None:
            is_own = self._is_own(name)
            found = "unknown" if is_own else self._listed(name) or "unknown"
            if found != "pure" and self._is_data(name, is_own=is_own):
                found = "pure"
            if found in IO and _is_failure(name) and name not in self.kinds:
                found = "pure"
            self._known[name] = found
        return found

    def besides(self, name: str, words: Iterable[str]) -> str:
        """What a call of a name does besides what the name stands for, by its name; or nothing.
        Whatever logs shows a traceback where the `words` of the call say so."""
        if SHOWS in words and self.kind_of(name) == "log":
            name = WITH_TRACEBACK
        return self.also.get(name, "")

    def plain(self, name: str) -> str:
        """A name as the table knows it: `six.moves.urllib` is `urllib`."""
        at = len(name)
        while at > 0:
            found = self.same.get(name[:at])
            if found is not None:
                return name if self._is_own(name) else f"{found}{name[at:]}"
            at = name.rfind(".", 0, at)
        return name

    def _is_own(self, name: str) -> bool:
        """Whether a name is of a package that is scanned: `zope.server` is not all of `zope`."""
        name = name.partition("(")[0]
        at = name.find(".")
        while at >= 0:
            if name[:at] in self.own:
                return True
            at = name.find(".", at + 1)
        return name in self.own

    def _listed(self, name: str) -> str | None:
        """The kind of the longest entry, the name being read as it is, and as that of a method
        that is taken from its class: `C.m` is what `C().m` is."""
        size, found = _longest_entry(self.kinds, name)
        at = name.find(".")
        while at >= 0:
            if name[at - 1] not in ")]":
                more, other = _longest_entry(self.kinds, f"{name[:at]}(){name[at:]}")
                if more > max(size + 2, at + 1) or (more == at + 2 and size <= at):
                    size, found = more - 2, other
            at = name.find(".", at + 1)
        return found

    def _is_data(self, name: str, *, is_own: bool) -> bool:
        """Whether a name is a text's or a dict's method on what something outside gave."""
        receiver, _, method = name.rpartition(".")
        if method not in DATA or receiver in self.kinds:
            return False
        if "()" not in receiver and (is_own or self._listed(name) is None):
            return False
        last = receiver.rpartition(".")[2]
        return not (last.endswith("()") and last[:1].isupper())

    def is_silent(self, name: str) -> bool:
        """Whether a name is free of effects, and so is all that it leads to."""
        if not self._ways:
            for key in (*self.kinds, *self.returns):
                for at, sign in enumerate(key):
                    if sign in ".(":
                        self._ways.add(key[:at])
                self._ways.add(key)
        return name not in self._ways and CLASS_OF[self.kind_of(name)] in ("pure", "stateful")

    @property
    def declaring(self) -> frozenset[str]:
        """What gives declarations of attributes, `().` behind it."""
        if self._declaring is None:
            self._declaring = frozenset(f"{name}()." for name in self.fields)
        return self._declaring

    def hand_of(self, name: str) -> str:
        """What kind of entry point a function becomes that is handed to `name`, or nothing."""
        return _longest(self.hands, name) or ""


def read_effects(files: Iterable[Path]) -> Effects:
    """The shipped tables, then each of `files` over them; ConfigError for what is wrong in them."""
    table = Effects()
    for file in [*SHIPPED, *files]:
        document = read_toml(file, read_bytes(file))
        problems = list(_merged(table, document))
        if problems:
            raise ConfigError(str(file), problems, kind="table of effects")
    return table


def class_of(kinds: Iterable[str]) -> str:
    """The class of a unit with effects of these kinds: the worst of them."""
    return max((CLASS_OF[kind] for kind in kinds), key=LADDER.index, default="pure")


def _is_failure(name: str) -> bool:
    """Whether a name is that of an exception: to make one of a listed library does nothing."""
    return name.endswith(FAILURES) and name.rpartition(".")[2][:1].isupper()


def _longest(table: Mapping[str, str], name: str) -> str | None:
    return _longest_entry(table, name)[1]


def _longest_entry(table: Mapping[str, str], name: str) -> tuple[int, str | None]:
    """The length of the longest entry that a name begins with, and what it says."""
    while name:
        found = table.get(name)
        if found is not None:
            return len(name), found
        name = name[:-2] if name.endswith(("()", "[]")) else name.rpartition(".")[0]
    return 0, None


def _merged(table: Effects, document: Mapping[str, Any]) -> Iterable[Problem]:
    for key, value in document.items():
        if key not in TABLES:
            yield Problem(key, "unknown table", did_you_mean(key, TABLES) or "known: effects, …")
        elif not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            yield Problem(key, "a table of texts is needed")
        elif key in ("returns", "same", "also", "protocols"):
            getattr(table, key).update(value)
        else:
            yield from _merged_names(table, key, value)


def _merged_names(table: Effects, key: str, value: Mapping[str, str]) -> Iterable[Problem]:
    into = table.kinds if key == "effects" else getattr(table, key)
    known = sorted(FIELDS) if key == "fields" else list(CLASS_OF)
    for kind, names in value.items():
        if key != "hands" and kind not in known:
            hint = did_you_mean(kind, known) or f"known: {', '.join(known)}"
            what = "field" if key == "fields" else "effect"
            yield Problem(f"{key}.{kind}", f"unknown kind of {what}", hint)
            continue
        for name in names.split():
            into[name] = kind
