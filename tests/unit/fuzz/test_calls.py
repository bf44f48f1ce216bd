"""Calls with what they leave to python's defaults."""

from __future__ import annotations

from parity.fuzz.calls import Signature
from parity.model import Parameter

LIMIT = Parameter("limit", "positional", has_default=True, default=4)
HOOK = Parameter("hook", "positional", has_default=True, formless="a function")
LABEL = Parameter("label", "keyword", has_default=True, default="a")
SIGNATURE = Signature([Parameter("n", "positional"), LIMIT, HOOK, LABEL])


def test_a_call_is_completed_with_the_defaults_that_have_a_form() -> None:
    assert SIGNATURE.completed({"args": [1]}) == {"args": [1, 4], "kwargs": {"label": "a"}}


def test_what_is_given_stays() -> None:
    whole = {"args": [1, 9], "kwargs": {"label": "b"}}
    assert SIGNATURE.completed(whole) == whole


def test_arguments_by_name_are_completed_by_name() -> None:
    completed = SIGNATURE.completed({"kwargs": {"n": 1}})
    assert completed["kwargs"] == {"n": 1, "limit": 4, "label": "a"}


def test_a_call_of_an_unknown_signature_stays() -> None:
    assert Signature(None).completed({"args": [1]}) == {"args": [1]}
