"""What `@PortedFrom` in the classes of a project says."""

from __future__ import annotations

from parity.counterparts import JavaMethod
from parity.sides.java.classfiles import ClassIndex, parameter_types


def annotated_in(classes: ClassIndex) -> list[tuple[str, str]]:
    """Unit and counterpart of each `@PortedFrom` in the classes of a project, sorted."""
    found: list[tuple[str, str]] = []
    for one in classes.annotated():
        name = one.name.replace("$", ".")
        found += [(unit_id, name) for unit_id in one.ported_from]
        for method in one.methods:
            for unit_id in method.ported_from:
                several = sum(other.name == method.name for other in one.methods) > 1
                types = written_types(method) if several else ""
                found.append((unit_id, f"{name}#{method.name}{types}"))
    return sorted(set(found))


def written_types(method: JavaMethod) -> str:
    """The types of its parameters, as a map writes them."""
    simple = [one.rpartition(".")[2].rpartition("$")[2] for one in parameter_types(method)]
    return f"({','.join(simple)})"
