"""Whether evidence still holds, and what has changed where it does not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any

from parity.evidence.basis import Basis, class_file
from parity.evidence.normal import normal_hash
from parity.evidence.nouns import Evidence
from parity.evidence.python_side import chosen, distribution, importable
from parity.model import Unit


def holds(evidence: Evidence, basis: Basis, unit: Unit) -> bool:
    """Whether nothing that the evidence rests on has changed in a way that means something."""
    return stale(evidence, basis, unit) is None


def stale(evidence: Evidence, basis: Basis, unit: Unit) -> str | None:
    """What has changed, as a sentence without its full stop, or None where the evidence holds."""
    return next(_changes(evidence, basis, unit), None)


def _changes(evidence: Evidence, basis: Basis, unit: Unit) -> Iterator[str]:
    if evidence.beyond:
        yield f"it does what cannot be traced: {', '.join(evidence.beyond)}"
    now = basis.of(unit)
    if evidence.basis != now:
        yield from _of_basis(evidence.basis, now, basis)
    seen = _Seen(basis)
    yield from seen.modules(evidence)
    yield from seen.classes(evidence)
    yield from seen.files(evidence)
    for name, token in evidence.env.items():
        if basis.token(basis.env.get(name)) != token:
            yield f"{name} of the environment changed"


def _of_basis(then: Any, now: Any, basis: Basis) -> Iterator[str]:
    for name in sorted({*then, *now}, key=list({**now, **then}).index):
        before, after = then.get(name), now.get(name)
        if before == after:
            continue
        if name == "fixtures":
            yield "its fixtures changed"
        elif name == "unit":
            yield "its entry in the map, or an allowance that has expired, changed it"
        elif name == "python_path":
            yield "what stands in its `python_path` changed"
        elif name in ("python", "java") and before and after:
            yield f"{name} was {before.partition(' (')[0]}, is {after.partition(' (')[0]}"
        elif name == "parity":
            yield "parity itself changed"
        elif name == "standard library":
            yield "a module among the sources has the name of one of the standard library"
        elif name == "class path":
            yield _class_path(before, basis)
        elif name.startswith("env "):
            yield f"{name[4:]} of the environment changed"
        else:
            yield f"`{name}` of the config changed"


def _class_path(before: str | None, basis: Basis) -> str:
    then = dict(basis.content.get(f"class path {before}") or ())
    now = dict(basis.entry_names())
    for name in [*now, *then]:
        last = name.rpartition("/")[2]
        if then and name not in then:
            return f"{last} came to the class path"
        if then and name not in now:
            return f"{last} left the class path"
        if then and then[name] != now[name]:
            return f"{last} changed"
    return "the class path changed" if not then else "the order of the class path changed"


class _Seen:
    """Looks at what is traced; what many units rest on is looked at once."""

    def __init__(self, basis: Basis) -> None:
        self.basis = basis
        self.content = basis.content

    def modules(self, evidence: Evidence) -> Iterator[str]:
        """Modules of the project, and distributions."""
        seen = self._seen("modules", evidence.modules, self._module)
        for path, kept in evidence.modules.items():
            now = seen[path]
            if now != kept:
                yield now[1:] if now and now.startswith("!") else _gone_or_changed(path, now)
        if not self._own_names.isdisjoint(evidence.shadows):
            name = min(self._own_names.intersection(evidence.shadows))
            yield f"a module `{name}` among the sources takes the place of another"
        for path, kept in evidence.distributions.items():
            now = self.content.raw(self.basis.path(path))
            if now != kept:
                what = "changed" if now else "is no longer installed"
                yield f"{distribution(path)} {what}"
        if evidence.installed is not None and evidence.installed != self.basis.installed:
            yield "what is installed changed, and an import had failed"

    def classes(self, evidence: Evidence) -> Iterator[str]:
        """Classes, resources, and names that java looked for in vain."""
        seen = self._seen("classes", evidence.classes, self._class)
        for name, kept in evidence.classes.items():
            now = seen[name]
            if now != kept:
                yield from _other_class(name, kept, now)
        places = self._seen("resources", evidence.resources, self._resource)
        for name, hashes in evidence.resources.items():
            if hashes != places[name]:
                yield f"{name} changed"
        there = self._seen("nowhere", evidence.nowhere, self._somewhere)
        for name in evidence.nowhere:
            if there[name]:
                yield f"{name} is now there"

    def files(self, evidence: Evidence) -> Iterator[str]:
        """Files that were read, and those that were looked for in vain."""
        for path, kept in evidence.files.items():
            now = self.content.raw(self.basis.path(path))
            if now != kept:
                yield _gone_or_changed(path, now)
        for path in evidence.absent:
            if self.content.has(self.basis.path(path)):
                yield f"{path} is now there"

    def _seen(self, kind: str, names: Iterable[str], look: Callable[[str], Any]) -> dict[str, Any]:
        """What was seen of these names, by this unit or another one before."""
        seen: dict[str, Any] = self.content.memory.setdefault(kind, {})
        for name in names:
            if name not in seen:
                seen[name] = look(name)
        return seen

    @cached_property
    def _own_names(self) -> frozenset[str]:
        """What an import finds among the sources."""
        return frozenset().union(*(importable(self.content, one) for one in self.basis.sources))

    def _module(self, shown: str) -> str | None:
        """The hash of a module, or after `!` why it would not be the one that is imported."""
        path = self.basis.path(shown)
        folder, _, last = path.rpartition("/")
        found = chosen(self.content, folder, last.partition(".")[0])
        if found is not None and found != path:
            return f"!{self.basis.shown(found)} takes the place of {shown}"
        source = self.basis.source_of(path)
        if source is not None:
            top = path.removeprefix(f"{self.basis.sources[source]}/").partition("/")[0]
            for root in self.basis.sources[:source]:
                if top.partition(".")[0] in importable(self.content, root):
                    return f"!a module of {self.basis.shown(root)} takes the place of {shown}"
        return normal_hash(self.content, path)

    def _class(self, name: str) -> list[Any] | None:
        """The entry of the class path that has a class in a folder, and its hash."""
        for index, folder in self.basis.folders:
            file = class_file(folder, name)
            if self.content.has(file):
                return [index, normal_hash(self.content, file)]
        return None

    def _resource(self, name: str) -> list[str | None]:
        return [self.content.raw(f"{folder}/{name}") for _, folder in self.basis.folders]

    def _somewhere(self, name: str) -> bool:
        """Whether a folder of the class path now has a class or a resource of this name."""
        return any(
            self.content.has(f"{folder}/{name}") or self.content.has(class_file(folder, name))
            for _, folder in self.basis.folders
        )


def _other_class(name: str, kept: Sequence[Any], now: Sequence[Any] | None) -> Iterator[str]:
    """Why a class is not what it was; one that came from a jar may not be in an earlier folder."""
    index, digest = kept
    if digest is None:
        if now is not None and now[0] < index:
            yield f"{name} is now taken from another entry of the class path"
    elif now is None:
        yield f"{name} is gone"
    elif now[1] != digest:
        yield f"{name} changed"
    else:
        yield f"{name} is now taken from another entry of the class path"


def _gone_or_changed(path: str, now: str | None) -> str:
    return f"{path} changed" if now is not None else f"{path} is gone"
