"""Writes the recorder as one file, for machines that have an old Python and nothing of parity."""

from __future__ import annotations

import json
from collections.abc import Sequence

from parity.config import Config
from parity.model import Unit
from parity.record.session import HOOK, Keeping, plan_of
from parity.sides.python.side import FORM

PARTS = {
    "sitecustomize.py": HOOK / "sitecustomize.py",
    "_parity_watch.py": HOOK / "_parity_watch.py",
    "_parity_mask.py": HOOK / "_parity_mask.py",
    "_parity_sample.py": HOOK / "_parity_sample.py",
    "_parity_steps.py": HOOK / "_parity_steps.py",
    "_parity_form.py": FORM,
}
MAIN = HOOK / "_parity_alone.py"


def standalone(config: Config, units: Sequence[Unit], keeping: Keeping) -> str:
    """The text of a program that records these units, and what it needs in it.

    It makes its own key in each run, unless `PARITY_MASK_KEY` is set: none stands in the file.
    """
    plan = plan_of(config, units, keeping)
    if plan["mask"] is not None:
        plan["mask"] = {name: value for name, value in plan["mask"].items() if name != "key"}
    parts = {name: path.read_text("utf-8") for name, path in PARTS.items()}
    text = MAIN.read_text("utf-8")
    text = text.replace("PLAN = {}", f"PLAN = json.loads({json.dumps(plan)!a})")
    return text.replace("PARTS = {}", f"PARTS = json.loads({json.dumps(parts)!a})")
