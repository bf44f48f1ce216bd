"""Drives one move: its steps in order, each tried again while that helps, or the way back."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Final

from sable import batch_move, progress, retries
from sable.batch_move import Context
from sable.errors import Cancelled, Fenced, SableError
from sable.pauses import Pauses

CLEANING_ATTEMPTS: Final = 8
Wait = Callable[[float], Any]


def run_move(context: Context, pauses: Pauses, wait: Wait) -> None:
    """Brings a move to its end from wherever it stands; Fenced when another host drives it now.

    `wait` takes seconds.
    """
    if context["move"]["state"] != "rolling_back" and _go_forward(context, pauses, wait):
        end_move(context, "moved")
    else:
        _roll_back(context, wait)


def end_move(context: Context, state: str, **facts: Any) -> None:
    """Records the end of a move, which releases its lock."""
    batch_move.commit(context, "end_move", facts={"state": state}, **facts)


def turn_back(context: Context, error: SableError) -> bool:
    """Whether the move goes back from now on; recorded first, so that every driver goes by it."""
    facts = {"error": error.name, "text": error.text}
    return bool(batch_move.commit(context, "turn_back", **facts)["state"] == "rolling_back")


def _go_forward(context: Context, pauses: Pauses, wait: Wait) -> bool:
    move = context["move"]
    resumed = move["step"] is not None
    done = progress.MOVE_STEPS.index(move["step"]) + 1 if resumed else 0
    for step in progress.MOVE_STEPS[done:]:
        if not _try_step(context, step, resumed, wait):
            return False
        pauses.reached(step, move["endpoint"])
    return True


def _try_step(context: Context, step: str, resumed: bool, wait: Wait) -> bool:
    for attempt in itertools.count(1):
        wait(retries.wait_ms(attempt - 1, salt=context["move"]["endpoint"]) / 1000)
        try:
            _check_wanted(context)
            if resumed:
                batch_move.fence_hosts(context)
            facts = {**batch_move.STEPS[step](context), "step": step}
            batch_move.commit(context, "record", facts=facts)
            context["move"].update(facts)
            return True
        except SableError as error:
            match retries.decide(step, error.name, attempt, _switched(context)):
                case "stop":
                    raise
                case "roll_back" if turn_back(context, error):
                    break
    return False


def _roll_back(context: Context, wait: Wait) -> None:
    """Writers go on at the source; a copy that cannot be deleted now is left for a sweep."""
    _until_done(batch_move.thaw_source, context, None, wait)
    cleaned = _until_done(batch_move.drop_copy, context, CLEANING_ATTEMPTS, wait)
    leftover = None if cleaned else context["move"]["target"]
    end_move(context, "rolled_back", leftover=leftover)


def _until_done(
    step: Callable[[Context], Any], context: Context, most: int | None, wait: Wait
) -> bool:
    for attempt in itertools.count() if most is None else range(most):
        wait(retries.wait_ms(attempt) / 1000)
        try:
            step(context)
            return True
        except SableError as error:
            if error.name == "Fenced":
                raise
    return False


def _check_wanted(context: Context) -> None:
    """Fenced as soon as this host knows of another driver, Cancelled while there is a way back."""
    workflow = context["workflow"]
    token = context["replica"].view("workflows", workflow, "token")
    if token != context["token"]:
        raise Fenced(f"{context['token']} was followed by {token}")
    if context["replica"].view("workflows", workflow, "cancelled") and not _switched(context):
        raise Cancelled(f"{workflow} was cancelled")


def _switched(context: Context) -> bool:
    """Whether the route has switched, which may have happened in a step that then failed."""
    path = ("workflows", context["workflow"], "moves", context["move"]["endpoint"], "switched")
    return bool(context["replica"].view(*path))
