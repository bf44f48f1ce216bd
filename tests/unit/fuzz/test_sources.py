"""What of both sources inputs are aimed at."""

from __future__ import annotations

from parity.fuzz.edges import Edges
from parity.fuzz.sources import Sources, sources_of


def test_constants_of_python_are_read_and_docstrings_are_not() -> None:
    text = 'def f(a):\n    """Not this."""\n    return "this" if a == -41 else a[1:] // 3\n'
    found = sources_of({"sources": [text]}, {})
    assert found.texts == ("this",)
    assert -41 in found.numbers
    assert {"divide", "slice", "compare"} <= found.constructs


def test_constants_of_java_stand_beside_them() -> None:
    java = {"numbers": [97], "texts": ["[0-9]+"], "calls": ["Pattern.compile"], "operations": []}
    found = sources_of({"values": [5, "five", {"pattern": "x+"}]}, java)
    assert found.numbers == (5, 97)
    assert found.texts == ("five", "[0-9]+")
    assert found.patterns == ("x+", "[0-9]+")


def test_what_python_cannot_read_is_passed_by() -> None:
    assert sources_of({"sources": ["print 1"]}, {"texts": ["("]}).patterns == ()


def test_edges_begin_with_the_neighbours_of_constants() -> None:
    edges = Edges.of(Sources(numbers=(1729,)))
    assert {1728, 1729, 1730} <= set(edges.ints[:16])


def test_edges_that_are_aimed_come_before_the_others() -> None:
    plain, aimed = Edges.of(Sources()), Edges.of(Sources(constructs=frozenset({"case"})))
    assert aimed.texts.index("\u00df") < plain.texts.index("\u00df")
    assert sorted(aimed.texts) == sorted(plain.texts)


def test_both_zeros_are_edges() -> None:
    assert {repr(one) for one in Edges.of(Sources()).floats} >= {"0.0", "-0.0", "nan", "inf"}
