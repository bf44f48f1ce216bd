"""How far a batch is: percentages, rates, remaining time, percentiles."""

from __future__ import annotations

import math
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MOVE_STEPS = ("lock", "copy", "catch_up", "verify", "freeze", "switch", "release")
WEIGHTS = {
    "lock": 2,
    "copy": 60,
    "catch_up": 15,
    "verify": 10,
    "freeze": 5,
    "switch": 3,
    "release": 5,
}


def percent(part: int, whole: int, digits: int = 1) -> float:
    """Share of a whole in percent, halves away from zero; 100 only when nothing is left."""
    if whole <= 0:
        return 100.0 if part >= whole else 0.0
    step = Decimal(1).scaleb(-digits)
    value = (Decimal(part) * 100 / Decimal(whole)).quantize(step, ROUND_HALF_UP)
    if value >= 100 and part < whole:
        value = 100 - step
    return float(value)


def move_percent(move: dict[str, Any]) -> float:
    """How far one move is, by the weight of its steps and the rows it has copied."""
    if move["state"] in ("moved", "rolled_back"):
        return 100.0
    done = move.get("step")
    passed = MOVE_STEPS.index(done) + 1 if done in MOVE_STEPS else 0
    total = sum(WEIGHTS[step] for step in MOVE_STEPS[:passed])
    if done == "lock" and move.get("rows"):
        total += WEIGHTS["copy"] * min(move.get("copied", 0), move["rows"]) // move["rows"]
    return float(total)


def rate_text(count: int, milliseconds: float, unit: str = "records") -> str:
    """A rate per second as text: whole from 100 on, one decimal below, `-` when nothing elapsed."""
    if milliseconds <= 0:
        return f"- {unit}/s"
    rate = count * 1000 / milliseconds
    return f"{rate:,.0f} {unit}/s" if rate >= 100 else f"{rate:.1f} {unit}/s"


def remaining_ms(done_percent: float, elapsed_ms: float) -> int | None:
    """Milliseconds that are left at the pace so far; unknown before one percent."""
    if done_percent < 1 or elapsed_ms < 0:
        return None
    return math.ceil(elapsed_ms * (100 - done_percent) / done_percent)


def batch_progress(workflow: dict[str, Any], now_ms: int) -> dict[str, Any]:
    """Counts by state, percent and remaining time of a workflow."""
    moves = list(workflow["moves"].values())
    states: dict[str, int] = {}
    for move in moves:
        states[move["state"]] = states.get(move["state"], 0) + 1
    shares = [move_percent(move) for move in moves]
    done = round(math.fsum(shares) / len(shares), 1) if shares else 100.0
    end = workflow.get("finished_at") or now_ms
    elapsed = max(0, end - workflow["created_at"])
    return {
        "percent": done,
        "states": dict(sorted(states.items(), key=lambda item: (-item[1], item[0]))),
        "elapsed_ms": elapsed,
        "remaining_ms": 0 if workflow.get("finished_at") else remaining_ms(done, elapsed),
        "copied": sum(move.get("copied", 0) for move in moves),
    }


def percentile(samples: list[float], share: float) -> float:
    """The smallest sample with at least that share of all at or below it; 0 for none."""
    if not samples:
        return 0.0
    if not 0 <= share <= 100:
        raise ValueError(f"{share} is not a percentage")
    rank = max(1, math.ceil(share / 100 * len(samples)))
    return sorted(samples)[rank - 1]
