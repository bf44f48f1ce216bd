"""CloudFormation's functions: Ref, Fn::GetAtt, Fn::Sub and the others, worked out beforehand."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

NO_VALUE: Final = object()
"""What `AWS::NoValue` leaves: nothing."""

VARIABLE: Final = re.compile(r"\$\{(!?)([^}]*)\}")


class Unknown(Exception):
    """A name or function that cannot be worked out here."""


@dataclass(frozen=True, slots=True)
class Names:
    """What names in a template stand for."""

    values: Mapping[str, Any]
    """Parameters, pseudo parameters, and resources by their logical id."""

    attributes: Callable[[str, str], Any]
    conditions: Mapping[str, Any]
    mappings: Mapping[str, Any]

    exports: Mapping[str, Any] = field(default_factory=dict)
    """What stacks made before give by name."""

    def resolve(self, node: Any) -> Any:
        """A part of a template with all functions worked out. Raises Unknown."""
        if isinstance(node, list):
            found = [self.resolve(one) for one in node]
            return [one for one in found if one is not NO_VALUE]
        if not isinstance(node, dict):
            return node
        if len(node) == 1:
            name, given = next(iter(node.items()))
            if name in FUNCTIONS:
                return FUNCTIONS[name](self, given)
            if isinstance(name, str) and name.startswith("Fn::"):
                raise Unknown(f"{name} is not known here")
        pairs = ((key, self.resolve(value)) for key, value in node.items())
        return {key: value for key, value in pairs if value is not NO_VALUE}

    def holds(self, condition: str) -> bool:
        """Whether a condition of the template holds."""
        if condition not in self.conditions:
            raise Unknown(f"there is no condition {condition}")
        return bool(self.resolve(self.conditions[condition]))

    def ref(self, name: str) -> Any:
        """What `Ref` gives."""
        if name == "AWS::NoValue":
            return NO_VALUE
        if name not in self.values:
            raise Unknown(f"nothing is called {name}")
        return self.values[name]

    def attribute(self, given: Any) -> Any:
        """What `Fn::GetAtt` gives."""
        parts = given.split(".", 1) if isinstance(given, str) else [str(one) for one in given]
        return self.attributes(parts[0], ".".join(parts[1:]))

    def sub(self, given: Any) -> str:
        """What `Fn::Sub` gives."""
        text, own = (given, {}) if isinstance(given, str) else given
        own = {name: self.resolve(value) for name, value in own.items()}

        def value_of(match: re.Match[str]) -> str:
            literal, name = match.groups()
            if literal:
                return "${" + name + "}"
            if name in own:
                return str(own[name])
            if name in self.values:
                return str(self.values[name])
            if "." in name:
                return str(self.attribute(name))
            raise Unknown(f"nothing is called {name}")

        return VARIABLE.sub(value_of, text)


def _join(names: Names, given: Any) -> str:
    separator, parts = given
    return str(separator).join(str(part) for part in names.resolve(parts))


def _select(names: Names, given: Any) -> Any:
    index, parts = names.resolve(given)
    return parts[int(index)]


def _split(names: Names, given: Any) -> list[str]:
    separator, text = names.resolve(given)
    return list(str(text).split(separator))


def _if(names: Names, given: Any) -> Any:
    condition, then, otherwise = given
    return names.resolve(then if names.holds(condition) else otherwise)


def _find_in_map(names: Names, given: Any) -> Any:
    table, first, second = (names.resolve(one) for one in given[:3])
    try:
        return names.resolve(names.mappings[table][first][second])
    except KeyError as error:
        raise Unknown(f"the mappings have no {table}.{first}.{second}") from error


def _import_value(names: Names, given: Any) -> Any:
    name = str(names.resolve(given))
    if name not in names.exports:
        raise Unknown(f"no stack made before exports {name}")
    return names.exports[name]


def _equals(names: Names, given: Any) -> bool:
    one, other = (names.resolve(part) for part in given)
    return str(one) == str(other)


def _zones(names: Names, given: Any) -> list[str]:
    region = names.resolve(given) or names.ref("AWS::Region")
    return [f"{region}{letter}" for letter in "abc"]


FUNCTIONS: Final[dict[str, Callable[[Names, Any], Any]]] = {
    "Ref": lambda names, given: names.ref(given),
    "Condition": lambda names, given: names.holds(given),
    "Fn::GetAtt": lambda names, given: names.attribute(given),
    "Fn::Sub": lambda names, given: names.sub(given),
    "Fn::Join": _join,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::If": _if,
    "Fn::FindInMap": _find_in_map,
    "Fn::ImportValue": _import_value,
    "Fn::Equals": _equals,
    "Fn::And": lambda names, given: all(names.resolve(one) for one in given),
    "Fn::Or": lambda names, given: any(names.resolve(one) for one in given),
    "Fn::Not": lambda names, given: not names.resolve(given[0]),
    "Fn::GetAZs": _zones,
    "Fn::Base64": lambda names, given: base64.b64encode(
        str(names.resolve(given)).encode()
    ).decode(),
}
