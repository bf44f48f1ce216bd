"""Shows two values side by side. It only shows: what differs was decided before."""

from __future__ import annotations

from typing import Any

from parity.model import Form
from parity.values.form import dumps

WIDTH = 400


def show(python: Form, java: Form) -> list[str]:
    """Lines that say in words where two containers part; empty for what is short enough to read.

    Where only one side has a container, its value says it all.
    """
    if type(python) is not type(java) or not (_large(python) or _large(java)):
        return []
    import warnings

    from deepdiff import DeepDiff  # costs more to import than a run in which nothing changed

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            text: Any = DeepDiff(python, java, ignore_order=False, verbose_level=2).pretty()
        except Exception:  # whatever it stumbles over, the values themselves are still shown
            return []
    return [line[:WIDTH] for line in str(text).splitlines()[:20]]


def _large(form: Form) -> bool:
    return isinstance(form, list | dict) and len(dumps(form)) > 120
