"""A value that goes through Java's open type comes back the same, or is refused."""

from __future__ import annotations

import collections
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parity.diff.walk import Comparison
from parity.model import Refused, Returned, Terms
from parity.values.form import write
from tests.unit.sides.java.conftest import Java
from tests.unit.values.strategies import HASHABLE, SCALARS, TEXT

PLAIN = SCALARS.filter(lambda value: "Enum" not in str(type(type(value))))
VALUES = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(TEXT, inner, max_size=3),
        st.dictionaries(HASHABLE, inner, max_size=3),
        st.sets(HASHABLE, max_size=3),
        st.frozensets(HASHABLE, max_size=3),
    ),
    max_leaves=6,
)
SETTINGS = settings(
    database=None,
    deadline=None,
    max_examples=400,
    suppress_health_check=[HealthCheck.too_slow],
)


def test_a_value_comes_back_the_same_or_is_refused(java: Java) -> None:
    outcomes: collections.Counter[str] = collections.Counter()

    @SETTINGS
    @given(VALUES)
    def look(value: Any) -> None:
        form = write(value, exact=True)
        outcome = java.see("Object", form)
        outcomes[type(outcome).__name__] += 1
        if isinstance(outcome, Refused):
            assert outcome.parameter == "value"
        else:
            assert isinstance(outcome, Returned)
            assert Comparison(Terms()).differences(form, outcome.value[1]) == []

    look()
    assert outcomes["Returned"] > 200
