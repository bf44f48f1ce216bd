"""The corpus of value pairs: each is judged as the folder says that holds it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from parity.diff.walk import Comparison
from parity.model import Terms
from parity.values.check import check_form, read_text
from parity.values.form import TAGS, dumps

CORPUS = Path(__file__).resolve().parents[2] / "data" / "diff"
KEYS = {"id", "python", "java", "made", "terms", "document", "one_way"}
TOLD = {"kind", "path", "deep", "all"}


@dataclass(frozen=True)
class ValuePair:
    """Two values, the terms they are compared on, and what is to be told of them.

    `one_way` says why the judgement may be another one with the sides swapped.
    """

    id: str
    line: dict[str, Any]
    python: Any
    java: Any

    def differences(self, *, swapped: bool = False) -> list[list[str]]:
        """Kind and path of every difference."""
        terms = dict(self.line.get("terms", {}))
        terms = {key: tuple(v) if isinstance(v, list) else v for key, v in terms.items()}
        if "compare" in terms:
            terms["compare"] = frozenset(terms["compare"])
        comparison = Comparison(Terms(**terms), document=self.line.get("document", False))
        values = (self.java, self.python) if swapped else (self.python, self.java)
        return [[one.kind, one.path] for one in comparison.differences(*values)]

    @property
    def told(self) -> list[list[str]]:
        """What the line says that is told: one `kind` and `path`, or `all` of them."""
        if "all" in self.line:
            return [list(one) for one in self.line["all"]]
        deep = "$" + self.line["deep"] * 200 if "deep" in self.line else None
        return [[self.line["kind"], deep or self.line["path"]]]


def read_pairs(folder: str) -> Iterator[ValuePair]:
    for file in sorted((CORPUS / folder).glob("*.jsonl")):
        for text in file.read_text("utf-8").splitlines():
            line = read_text(text)
            made = line.get("made", {})
            values = [made_of(made[s]) if s in made else line[s] for s in ("python", "java")]
            yield ValuePair(f"{file.stem}: {line['id']}", line, *values)


def made_of(recipe: dict[str, Any]) -> Any:
    """A value too large to store, from the recipe that stands in its place."""
    ((name, (first, second)),) = recipe.items()
    if name == "repeat":
        return first * second
    if name.startswith("nested "):
        return nested(name.removeprefix("nested "), first, second)
    forms = [json.loads(json.dumps(second).replace('"#"', str(n))) for n in range(first)]
    if name.startswith("reversed "):
        forms.reverse()
    return {"$set": forms} if "set of" in name else forms


def nested(what: str, depth: int, leaf: Any) -> Any:
    for _ in range(depth):
        leaf = {
            "lists": [leaf],
            "tuples": {"$tuple": [leaf]},
            "dicts": {"a": leaf},
            "objects": {"$object": ["shop:Node", {"a": leaf}]},
        }[what]
    return leaf


def params(pairs: list[ValuePair], *, swapped: bool = False) -> list[Any]:
    chosen = [pair for pair in pairs if not swapped or "one_way" not in pair.line]
    return [pytest.param(pair, id=pair.id) for pair in chosen]


SAME = list(read_pairs("same"))
DIFFERENT = list(read_pairs("different"))
BOTH = {"same": SAME, "different": DIFFERENT}


@pytest.mark.parametrize("pair", params(SAME))
def test_same(pair: ValuePair) -> None:
    assert pair.differences() == []


@pytest.mark.parametrize("pair", params(DIFFERENT))
def test_different(pair: ValuePair) -> None:
    assert pair.differences() == pair.told


@pytest.mark.parametrize("pair", params(SAME, swapped=True))
def test_same_with_the_sides_swapped(pair: ValuePair) -> None:
    assert pair.differences(swapped=True) == []


@pytest.mark.parametrize("pair", params(DIFFERENT, swapped=True))
def test_different_with_the_sides_swapped(pair: ValuePair) -> None:
    assert pair.differences(swapped=True) != []


@pytest.mark.parametrize("pair", [pytest.param(p, id=p.id) for p in SAME + DIFFERENT])
def test_a_pair_is_in_fixture_form(pair: ValuePair) -> None:
    assert set(pair.line) <= KEYS | TOLD
    for value in (pair.python, pair.java):
        check_form(value, "")


def test_there_are_enough_pairs_with_names_of_their_own() -> None:
    names = [f"{folder} {pair.id}" for folder, pairs in BOTH.items() for pair in pairs]
    assert len(set(names)) == len(names) >= 150
    assert min(len(SAME), len(DIFFERENT)) >= 75


@pytest.mark.parametrize("folder", BOTH)
def test_every_tag_of_the_form_occurs(folder: str) -> None:
    text = "".join(dumps([pair.python, pair.java]) for pair in BOTH[folder])
    assert [tag for tag in sorted(TAGS) if f'{{"{tag}":' not in text] == []
