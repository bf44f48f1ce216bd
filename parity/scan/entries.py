"""Where a server is entered: mains, routes, handlers, threads, and what a base outside calls."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from parity.scan.describing import MODULE_BODY, Description
from parity.scan.effects import Effects
from parity.scan.objects import FUNCTION
from parity.scan.summary import FunctionFacts

ROUTES: Final = re.compile(
    r"(^|\.)(route|get|post|put|delete|patch|head|options|websocket|view_config|expose|endpoint"
    r"|api_view|errorhandler|before_request|after_request|middleware|exception_handler)$"
)
TASKS: Final = re.compile(
    r"(^|\.)(task|shared_task|job|periodic_task|receiver|on_event|listener|flow|workflow|dag)$"
)
COMMANDS: Final = re.compile(r"(^|\.)(command|group|callback)$")
HANDED: Final = "handed to "


def entries_of(description: Description, effects: Effects) -> list[list[str]]:
    """Of each unit, the ways in which the outside world enters it, as far as is seen."""
    found: list[list[str]] = [[] for _ in description.ids]
    called = {to for edges in description.edges for to in edges}
    for at, (module, facts) in enumerate(description.solver.functions):
        for name in facts.decorators:
            kind = _decorated(name)
            if kind:
                found[at].append(kind)
        if _is_handler(facts):
            found[at].append("handler")
        outside = _overrides(description, at, module, facts)
        if outside and at not in called:
            found[at].append(f"called by {outside}")
        if facts.qualname == MODULE_BODY and _is_main(description, at, module):
            found[at].append("main")
    _handed(description, effects, found)
    return [list(dict.fromkeys(one)) for one in found]


def _decorated(name: str) -> str:
    if "." in name and ROUTES.search(name):
        return f"route @{name}"
    if TASKS.search(name):
        return f"task @{name}"
    return f"command @{name}" if COMMANDS.search(name) else ""


def _is_handler(facts: FunctionFacts) -> bool:
    """Whether a function looks like one that Lambda calls."""
    names = [one[0] for one in facts.params]
    return facts.owner < 0 and names[:2] == ["event", "context"] and facts.outer == 0


def _overrides(description: Description, at: int, module: int, facts: FunctionFacts) -> str:
    """The class outside of the project below which a public method stands, or nothing."""
    solver = description.solver
    name = facts.qualname.rpartition(".")[2]
    if facts.owner < 0 or name.startswith("_"):
        return ""
    klass = solver.classes[solver.first_class[module] + facts.owner]
    known = [one for one in klass.outside if one != "?" and not one.startswith("builtins.")]
    if any("abc." in one or "typing." in one or "enum." in one for one in known):
        return ""
    return known[0] if known else ""


def _is_main(description: Description, at: int, module: int) -> bool:
    solver = description.solver
    source = solver.modules[module].source
    if source.module.rpartition(".")[2] == "__main__":
        return True
    calls = description.own[at].calls
    return any(one.to.rpartition(":")[2] in ("main", "run", "cli") for one in calls)


def _handed(description: Description, effects: Effects, found: Sequence[list[str]]) -> None:
    solver = description.solver
    for targets in solver.targets.values():
        for (kind, key), how in targets.items():
            if kind == FUNCTION and how.startswith(HANDED):
                name = effects.hand_of(how.removeprefix(HANDED))
                if name:
                    found[key].append(f"{name} by {how.removeprefix(HANDED)}")
