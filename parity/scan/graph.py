"""The graph of calls: strongly connected groups, and the nearest way to each kind of effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence


def connected_groups(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """Groups of nodes that reach one another (Tarjan, without recursion); of two or more."""
    index: dict[int, int] = {}
    low: dict[int, int] = {}
    stack: list[int] = []
    on_stack: set[int] = set()
    groups: list[list[int]] = []
    for start in range(len(edges)):
        if start in index:
            continue
        work = [(start, iter(edges[start]))]
        index[start] = low[start] = len(index)
        stack.append(start)
        on_stack.add(start)
        while work:
            node, rest = work[-1]
            for to in rest:
                if to not in index:
                    index[to] = low[to] = len(index)
                    stack.append(to)
                    on_stack.add(to)
                    work.append((to, iter(edges[to])))
                    break
                if to in on_stack:
                    low[node] = min(low[node], index[to])
            else:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    group = _popped(stack, on_stack, node)
                    if len(group) > 1:
                        groups.append(sorted(group))
    return groups


def _popped(stack: list[int], on_stack: set[int], node: int) -> list[int]:
    group: list[int] = []
    while True:
        one = stack.pop()
        on_stack.discard(one)
        group.append(one)
        if one == node:
            return group


def callers_of(edges: Sequence[Sequence[int]]) -> list[list[int]]:
    """The nodes from which an edge leads to each."""
    callers: list[list[int]] = [[] for _ in edges]
    for node, targets in enumerate(edges):
        for to in targets:
            callers[to].append(node)
    return callers


def nearest(callers: Sequence[Sequence[int]], sources: Iterable[int]) -> Mapping[int, int]:
    """The next node on a shortest way to one of `sources`, of each node that has one; a source
    is its own next."""
    follow = {source: source for source in sources}
    front = sorted(follow)
    while front:
        following: list[int] = []
        for node in front:
            for caller in callers[node]:
                if caller not in follow:
                    follow[caller] = node
                    following.append(caller)
        front = following
    return follow
