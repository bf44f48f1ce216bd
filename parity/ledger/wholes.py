"""Classes that are better units than their methods: what a call leaves behind, others see."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from parity.counterparts import Candidate, PythonUnit


def with_whole_classes(
    found: Sequence[Candidate], units: Mapping[str, PythonUnit]
) -> list[Candidate]:
    """The same, with a class in the place of its methods where one of them changes its instance.

    A method by itself is only tried on an instance that nothing has been done to.
    """
    groups: dict[tuple[str, str], list[Candidate]] = {}
    for one in found:
        if key := _classes(one, units):
            groups.setdefault(key, []).append(one)
    whole = {
        key: methods
        for key, methods in groups.items()
        if any(units[one.unit].klass == "stateful" for one in methods)
    }
    kept: list[Candidate] = []
    for one in found:
        key = _classes(one, units)
        if key is None or key not in whole:
            kept.append(one)
        elif one is whole[key][0]:
            kept.append(_whole(key, whole[key]))
    return kept


def _classes(one: Candidate, units: Mapping[str, PythonUnit]) -> tuple[str, str] | None:
    """The class of a method and that of its counterpart, as the map has them."""
    java, _, method = one.java.partition("#")
    unit = units.get(one.unit)
    if not one.named or not method or unit is None or "." not in unit.qualname:
        return None
    return one.unit.rpartition(".")[0], java


def _whole(key: tuple[str, str], methods: Sequence[Candidate]) -> Candidate:
    unit, java = key
    names = {one.unit.rpartition(".")[2]: one.java.partition("#")[2] for one in methods}
    renamed = {mine: theirs for mine, theirs in names.items() if mine != theirs}
    first = min(methods, key=lambda one: one.line)
    return Candidate(
        unit,
        java,
        {"java": java, "methods": renamed} if renamed else {"java": java},
        1.0,
        f"class {unit.partition(':')[2]}: {', '.join(names)}",
        f"class {java}: {', '.join(names.values())}",
        first.file,
        first.line,
        named=True,
    )
