"""What python's worker knows of a unit before it is called: run in this interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[3]
MODULE = '''
import dataclasses, enum, re
from typing import Dict, List, Optional, Tuple

LIMITS = {"low": 3, "high": 1999}
WORD = re.compile(r"[a-z]+")

class Colour(enum.Enum):
    RED = "r"

@dataclasses.dataclass
class Order:
    name: str
    lines: List[int]

def helper(a):
    return a - 4711

More = Optional[Dict[str, float]]

def unit(order: Order, colour: Colour, pair: Tuple[int, str], more: More = None):
    """Docs."""
    return helper(order) if WORD.match("x") else LIMITS["low"]
'''
PROGRAM = """
import json, sys, types, importlib
sys.path[:0] = [sys.argv[1], sys.argv[2]]
import parity.values.form, parity.sides.python
sys.modules["parity.sides.python.form"] = parity.values.form
parity.sides.python.form = parity.values.form
from parity.sides.python.facts import facts_of
from parity.sides.python.loading import Subject
shop = importlib.import_module("shop")
print(json.dumps(facts_of(Subject("function", shop.unit, None, vars(shop)), [])))
"""


def facts(folder: Path) -> dict[str, Any]:
    (folder / "shop.py").write_text(MODULE, "utf-8")
    command = [sys.executable, "-c", PROGRAM, str(ROOT), str(folder)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    import json

    document: dict[str, Any] = json.loads(told.stdout)
    return document


def test_sources_constants_and_annotations_of_what_a_unit_reaches(tmp_path: Path) -> None:
    found = facts(tmp_path)
    assert any("4711" in text for text in found["sources"])
    assert {"pattern": "[a-z]+"} in found["values"]
    assert 1999 in found["values"]
    shapes = found["shapes"]
    assert shapes["order"] == {
        "is": "object",
        "class": "shop:Order",
        "fields": {"name": {"is": "str"}, "lines": {"is": "list", "of": {"is": "int"}}},
    }
    assert shapes["colour"] == {"is": "literal", "of": [{"$enum": ["shop:Colour", "RED"]}]}
    assert shapes["pair"] == {"is": "tuple", "each": [{"is": "int"}, {"is": "str"}]}
    assert shapes["more"]["is"] == "union"
