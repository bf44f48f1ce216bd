"""Packages that may know of one another: each such group is solved by itself, and kept by content.

What stands in one group can hold nothing of another: no import leads there. So a change in one
leaves what is known of the others as it is, and groups are solved side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from parity.scan.sources import Source
from parity.scan.summary import Head


def components_of(
    sources: Sequence[Source], reaches: Sequence[Sequence[str]], aliases: Mapping[str, str]
) -> list[list[int]]:
    """Groups of files by number, in order; `reaches` has the modules that each file names."""
    tops = [source.module.partition(".")[0] for source in sources]
    above = {top: top for top in tops}

    def root(top: str) -> str:
        while above[top] != top:
            above[top] = above[above[top]]
            top = above[top]
        return top

    for top, names in zip(tops, reaches, strict=True):
        for name in names:
            whole = aliases.get(name) or aliases.get(name.partition(".")[0]) or name
            other = whole.partition(".")[0]
            if other in above:
                above[root(other)] = root(top)
    groups: dict[str, list[int]] = {}
    for at, top in enumerate(tops):
        groups.setdefault(root(top), []).append(at)
    return list(groups.values())


def users_of(
    sources: Sequence[Source],
    heads: Sequence[Head],
    components: Sequence[Sequence[int]],
    aliases: Mapping[str, str],
) -> list[tuple[int, ...]]:
    """Of each group its users by number: files beyond those of the groups that import of it or of
    another such file, and all that these import."""
    group_of = {
        sources[at].module.partition(".")[0]: number
        for number, group in enumerate(components)
        for at in group
    }
    users = range(sum(map(len, components)), len(sources))
    numbers = {sources[at].module: at for at in users}
    using: dict[int, set[int]] = {at: set() for at in users}
    used_by: dict[int, set[int]] = {at: set() for at in users}
    found: list[set[int]] = [set() for _ in components]
    for at in users:
        for name in _named(sources[at].module, heads[at], aliases):
            other = numbers.get(name)
            if other is not None:
                using[at].add(other)
                used_by[other].add(at)
            elif name.partition(".")[0] in group_of:
                found[group_of[name.partition(".")[0]]].add(at)
    return [tuple(sorted(_reached(_reached(group, used_by), using))) for group in found]


def _reached(start: Iterable[int], ways: Mapping[int, Iterable[int]]) -> set[int]:
    reached = set(start)
    pending = list(reached)
    while pending:
        fresh = set(ways[pending.pop()]) - reached
        reached |= fresh
        pending += fresh
    return reached


def _named(module: str, head: Head, aliases: Mapping[str, str]) -> Iterator[str]:
    """Modules that a user may mean by its imports, and what pytest hands it unasked."""
    yield from _whole(head.reaches, aliases)
    yield from _whole((f"{target}.{name}" for _, target, name, *_ in head.imports if name), aliases)
    yield from conftests(module)


def conftests(module: str) -> Iterator[str]:
    """Where pytest looks for what it hands to a module, beside the module: the nearest first."""
    while "." in module:
        module = module.rpartition(".")[0]
        yield f"{module}.conftest"


def _whole(names: Iterable[str], aliases: Mapping[str, str]) -> Iterator[str]:
    for name in names:
        top, _, rest = name.partition(".")
        if name in aliases:
            yield aliases[name]
        elif top in aliases and rest:
            yield f"{aliases[top]}.{rest}"
        else:
            yield name
