"""Which Java parameters and results a Python signature leads to."""

import pytest

from parity.ledger.candidates import may_be_written
from parity.ledger.signatures import fitness, gives_the_same, taken_by

MONTH_END = "(day: date, at: datetime.datetime, length: timedelta, opens: time) -> date"


def test_moments_are_held_by_the_types_of_java_time() -> None:
    taken = taken_by(f"month_end{MONTH_END}", None)
    assert taken is not None
    types = ["LocalDate", "OffsetDateTime", "Duration", "LocalTime"]
    assert fitness(taken.parameters, [f"java.time.{one}" for one in types]) is not None
    assert fitness(taken.parameters, ["java.lang.String"] * 4) is None
    assert gives_the_same(taken.result, "java.time.LocalDate")
    assert not gives_the_same(taken.result, "java.lang.String")
    assert not gives_the_same("str", "java.time.LocalDate")


@pytest.mark.parametrize("kind", ["Iterator[int]", "Generator[int, None, None]", "Iterable[int]"])
def test_what_is_iterated_over_is_a_list(kind: str) -> None:
    taken = taken_by(f"total(weights: {kind})", None)
    assert taken is not None
    assert fitness(taken.parameters, ["java.util.List"]) is not None
    assert fitness(taken.parameters, ["int"]) is None


def test_without_an_annotation_a_moment_may_be_meant() -> None:
    taken = taken_by("month_end(day)", None)
    assert taken is not None
    assert fitness(taken.parameters, ["java.time.LocalDate"]) is not None


@pytest.mark.parametrize(("name", "may"), [("_", False), ("char", False), ("_id", True)])
def test_what_java_keeps_for_itself_is_no_name_of_a_parameter(name: str, may: bool) -> None:
    assert may_be_written(["n", name]) is may
