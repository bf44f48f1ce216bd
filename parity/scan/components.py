"""Packages that may know of one another: each such group is solved by itself, and kept by content.

What stands in one group can hold nothing of another: no import leads there. So a change in one
leaves what is known of the others as it is, and groups are solved side by side.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parity.scan.sources import Source


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
