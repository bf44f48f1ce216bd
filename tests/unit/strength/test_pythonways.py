"""Branches of python's code from the steps between its lines."""

from __future__ import annotations

from parity.strength import python_branches

SOURCE = """\
def sign(n):
    if n < 0:
        return -1
    for one in range(n):
        if (
            one
            > 2
        ):
            break
    while True:
        break
    return 1


def other(n):
    if n:
        return 2
    return 3
"""


def test_a_decision_has_two_branches_taken_by_those_inputs_that_go_there() -> None:
    steps = {0: [(2, 3), (3, -1)], 1: [(2, 4), (4, 5), (5, 6), (6, 4), (4, 10)]}
    found = {(one.line, one.way): one.inputs for one in python_branches("s.py", SOURCE, steps)}
    assert found[2, "in"] == {0}
    assert found[2, "past"] == {1}
    assert found[4, "in"] == {1}
    assert found[4, "past"] == {1}
    assert found[5, "in"] == set()
    assert found[5, "past"] == {1}


def test_functions_that_were_not_entered_and_loops_without_a_test_have_none() -> None:
    lines = {one.line for one in python_branches("s.py", SOURCE, {0: [(2, 3)]})}
    assert lines == {2, 4, 5}


def test_a_test_over_several_lines_is_one_decision() -> None:
    steps = {0: [(5, 6), (6, 5), (5, 9)]}
    found = {(one.line, one.way): one.inputs for one in python_branches("s.py", SOURCE, steps)}
    assert found[5, "in"] == {0}
    assert found[5, "past"] == set()


def test_the_end_of_a_function_is_past_its_last_decision() -> None:
    source = "def f(n):\n    if n:\n        n += 1\n"
    found = {one.way: one.inputs for one in python_branches("f.py", source, {4: [(2, -1)]})}
    assert found == {"in": frozenset(), "past": frozenset({4})}


def test_cases_are_decisions_too() -> None:
    cases = "        case 1:\n            return 1\n        case _:\n            return 2\n"
    source = "def f(n):\n    match n:\n" + cases
    steps = {0: [(2, 3), (3, 4)], 1: [(2, 3), (3, 5), (5, 6)]}
    found = {(one.line, one.way): one.inputs for one in python_branches("f.py", source, steps)}
    assert found[3, "in"] == {0}
    assert found[3, "past"] == {1}
    assert found[5, "in"] == {1}
