"""Units as a JSON document and back, so that a map once judged is read without its judges."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from functools import cache
from typing import Any

from parity.units import Allowance, Port, Terms, Unit


def units_document(units: Sequence[Unit]) -> list[dict[str, Any]] | None:
    """The units as JSON; None where one would not come back as it is."""
    documents = json.loads(json.dumps([_document(unit) for unit in units]))
    same = [unit_of(document) for document in documents] == list(units)
    return documents if same else None


def unit_document(unit: Unit) -> dict[str, Any]:
    """What is written of a unit, as JSON."""
    return _document(unit)


def unit_of(document: Mapping[str, Any]) -> Unit:
    """The unit that a document holds."""
    read = _tupled(document)
    read["terms"] = _terms(document.get("terms", {}))
    if "allowances" in document:
        read["allowances"] = tuple(_allowance(one) for one in document["allowances"])
    if "ports" in document:
        read["ports"] = tuple(Port(**one) for one in document["ports"])
    return Unit(**read)


def _document(noun: Unit | Terms | Allowance | Port) -> dict[str, Any]:
    """The fields that say more than their defaults."""
    kind: Any = type(noun)
    document = {}
    for name, usual in _usual(kind).items():
        value = getattr(noun, name)
        if value is not usual and value != usual:
            document[name] = _plain(value)
    return document


@cache
def _usual(noun: type[Any]) -> dict[str, Any]:
    """The default of each field, or what no value equals where it has none."""
    usual: dict[str, Any] = {}
    for one in fields(noun):
        made = one.default_factory
        usual[one.name] = one.default if made is MISSING else made()
    return usual


def _plain(value: Any) -> Any:
    if isinstance(value, Unit | Terms | Allowance | Port):
        return _document(value)
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return dict(value) if isinstance(value, Mapping) else value


def _tupled(document: Mapping[str, Any]) -> dict[str, Any]:
    """What JSON holds as a list is a tuple in a noun."""
    return {
        key: tuple(value) if isinstance(value, list) else value for key, value in document.items()
    }


USUAL_TERMS = Terms()


def _terms(document: Mapping[str, Any]) -> Terms:
    if not document:
        return USUAL_TERMS
    read = _tupled(document)
    if "compare" in read:
        read["compare"] = frozenset(read["compare"])
    return Terms(**read)


def _allowance(document: Mapping[str, Any]) -> Allowance:
    expires = datetime.date.fromisoformat(document["expires"])
    return Allowance(**{**document, "expires": expires})
